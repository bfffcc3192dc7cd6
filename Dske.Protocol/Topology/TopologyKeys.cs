namespace Dske.Protocol.Topology;

/// <summary>The keys that may occur in one kind of mapping of a topology file.</summary>
internal sealed class TopologyKeys
{
    public const string Hubs = "hubs";
    public const string Clients = "clients";
    public const string Threshold = "threshold";
    public const string BasePort = "base_port";
    public const string Psrd = "psrd";
    public const string Name = "name";
    public const string Url = "url";
    public const string Dialect = "dialect";
    public const string Encryptors = "encryptors";
    public const string SaeId = "sae_id";
    public const string BlockSize = "block_size";
    public const string RefillBelow = "refill_below";
    public const string RefillTo = "refill_to";
    public const string Sinks = "sinks";
    public const string Peer = "peer";
    public const string Interval = "interval";
    public const string Size = "size";
    public const string File = "file";
    public const string Command = "command";
    public const string Encoding = "encoding";
    public const string Timeout = "timeout";

    // The reference implementation's settings, for those who bring its file along.
    private static readonly Dictionary<string, string> ReferenceKeys = new(StringComparer.Ordinal)
    {
        ["min_nr_shares"] = "write 'threshold'",
        ["get_psrd_block_size"] = "write 'block_size' under 'psrd'",
        ["start_request_psrd_threshold"] = "write 'refill_below' under 'psrd'",
        ["stop_request_psrd_threshold"] = "write 'refill_to' under 'psrd'",
    };

    private readonly string[] _keys;

    private TopologyKeys(params string[] keys) => _keys = keys;

    public static TopologyKeys OfTopology { get; } = new(Hubs, Clients, Threshold, BasePort, Psrd);

    public static TopologyKeys OfHub { get; } = new(Name, Url, Dialect);

    public static TopologyKeys OfClient { get; } = new(Name, Url, Encryptors);

    public static TopologyKeys OfEncryptor { get; } = new(Name, SaeId, Sinks);

    public static TopologyKeys OfSink { get; } = new(Name, Peer, Interval, Size, File, Command, Encoding, Timeout);

    public static TopologyKeys OfPsrd { get; } = new(BlockSize, RefillBelow, RefillTo);

    /// <summary>Whether a key belongs here.</summary>
    public bool Contains(string key) => _keys.Contains(key, StringComparer.Ordinal);

    /// <summary>What to write in place of a key that does not belong here: the likeliest one, or all there are.</summary>
    public string Suggest(string key)
    {
        if (ReferenceKeys.TryGetValue(key, out var instead))
        {
            return instead;
        }

        // Two slips in a long word are likely, in a short one the word is another.
        var nearest = _keys.MinBy(known => EditDistance(key, known))!;
        return EditDistance(key, nearest) <= Math.Min(2, nearest.Length / 2)
            ? $"did you mean '{nearest}'?"
            : $"here belong {string.Join(", ", _keys.Select(known => $"'{known}'"))}";
    }

    // Levenshtein's distance: insertions, deletions and replacements, by rows.
    private static int EditDistance(string from, string to)
    {
        if (Math.Abs(from.Length - to.Length) > 2)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(from[i - 1]) == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
