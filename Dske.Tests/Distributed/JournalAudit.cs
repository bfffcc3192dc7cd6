using Dske.Protocol.Psrd;

namespace Dske.Tests.Distributed;

/// <summary>
/// Reads the journals of all hubs and clients of a network (<c>NAME.journal</c>) and finds bytes of PSRD that were used twice, or used at one
/// end without the other having allocated them. Journals may still grow meanwhile, and kills may have cut off lines.
/// </summary>
internal sealed class JournalAudit
{
    private const string Extension = ".journal";

    private readonly Dictionary<(string Client, string Hub, string Owner, Guid Block), Uses> _blocks = [];
    private readonly List<string> _violations = [];
    private readonly HashSet<(string, string)> _links = [];

    private JournalAudit()
    {
    }

    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>How often the nodes were started.</summary>
    public int Openings { get; private set; }

    /// <summary>How many lines a kill had cut off.</summary>
    public int TornLines { get; private set; }

    /// <summary>How many bytes were taken in all.</summary>
    public long TakenBytes { get; private set; }

    /// <summary>The links, client and hub, over which bytes were used.</summary>
    public IReadOnlySet<(string Client, string Hub)> Links => _links;

    /// <summary>The bytes of a block that were taken, over all pools that have a block of this UUID.</summary>
    public IEnumerable<(long Start, long End)> TakenOf(Guid block) => _blocks.Where(pool => pool.Key.Block == block).SelectMany(pool => pool.Value.Taken);

    /// <summary>Audits all journals in a directory.</summary>
    public static JournalAudit Of(string directory)
    {
        // What was taken was allocated before: looked at in this order, a journal that grows leads to no false alarm.
        var audit = new JournalAudit();
        var files = Directory.GetFiles(directory, "*" + Extension).Order(StringComparer.Ordinal).ToList();
        files.ForEach(file => audit.Read(file, "taken"));
        files.ForEach(file => audit.Read(file, "allocated"));
        audit.Check();
        return audit;
    }

    private void Read(string file, string wanted)
    {
        var node = Path.GetFileName(file)[..^Extension.Length];
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string? last = null;
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line == "opened")
            {
                Openings += wanted == "taken" ? 1 : 0;
                Note(node, last, number - 1, isLastOfRun: true, wanted);
                last = null;
            }
            else if (line.Length > 0)
            {
                Note(node, last, number - 1, isLastOfRun: false, wanted);
                last = line;
            }
        }

        Note(node, last, number, isLastOfRun: true, wanted);
    }

    private void Note(string node, string? line, int number, bool isLastOfRun, string wanted)
    {
        if (line is null)
        {
            return;
        }

        if (line.Split(' ') is [("allocated" or "taken") and var use, var peer, ("client" or "hub") and var owner, var bytes]
            && Allocation.TryParse(bytes, int.MaxValue, out var allocation))
        {
            if (use == wanted)
            {
                // Only the owner of a pool allocates from it, and only the other end takes.
                var (client, hub) = (use == "allocated") == (owner == "client") ? (node, peer) : (peer, node);
                Note(client, hub, owner, use, allocation);
            }
        }
        else if (wanted == "taken")
        {
            TornLines++;
            if (!isLastOfRun)
            {
                _violations.Add($"{node}, line {number}: not a line of a journal: {line}");
            }
        }
    }

    private void Note(string client, string hub, string owner, string use, Allocation allocation)
    {
        _links.Add((client, hub));
        foreach (var fragment in allocation.Fragments)
        {
            var key = (client, hub, owner, fragment.BlockId);
            if (!_blocks.TryGetValue(key, out var uses))
            {
                _blocks.Add(key, uses = new Uses([], []));
            }

            (use == "taken" ? uses.Taken : uses.Allocated).Add((fragment.Start, fragment.Start + fragment.Size));
        }
    }

    private void Check()
    {
        foreach (var ((client, hub, owner, block), uses) in _blocks)
        {
            var name = $"{client}@{hub}, pool of the {owner}, block {block}";
            FindOverlaps($"{name}: allocated twice", uses.Allocated);
            FindOverlaps($"{name}: taken twice", uses.Taken);
            TakenBytes += uses.Taken.Sum(range => range.End - range.Start);

            var allocated = Joined(uses.Allocated);
            foreach (var (start, end) in Joined(uses.Taken))
            {
                if (!allocated.Exists(range => range.Start <= start && end <= range.End))
                {
                    _violations.Add($"{name}: taken but not allocated: among {start} to {end}");
                }
            }
        }
    }

    private void FindOverlaps(string what, List<(long Start, long End)> ranges)
    {
        ranges.Sort();
        long covered = 0;
        foreach (var (start, end) in ranges)
        {
            if (start < covered)
            {
                _violations.Add($"{what}: {start} to {Math.Min(end, covered)}");
            }

            covered = Math.Max(covered, end);
        }
    }

    /// <summary>Joins sorted ranges that touch or overlap.</summary>
    private static List<(long Start, long End)> Joined(List<(long Start, long End)> sorted)
    {
        var joined = new List<(long Start, long End)>();
        foreach (var (start, end) in sorted)
        {
            if (joined.Count > 0 && joined[^1] is var last && start <= last.End)
            {
                joined[^1] = (last.Start, Math.Max(last.End, end));
            }
            else
            {
                joined.Add((start, end));
            }
        }

        return joined;
    }

    private sealed record Uses(List<(long Start, long End)> Allocated, List<(long Start, long End)> Taken);
}
