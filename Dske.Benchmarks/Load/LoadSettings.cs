using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dske.Benchmarks.Nodes;
using Dske.Protocol;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.Benchmarks.Load;

/// <summary>Makes a plan of what was typed, and says what is wrong with it as a whole.</summary>
internal sealed class LoadSettings(LoadArguments arguments, ParseResult parsed)
{
    private static readonly string[] DefaultPairs = ["sam:sofia"];

    private readonly List<string> _problems = [];

    /// <summary>Whether any error makes the run a failure.</summary>
    public bool FailsOnError => parsed.GetValue(arguments.FailOnError);

    /// <summary>Reads the plan.</summary>
    /// <param name="plan">The plan, when the result is true.</param>
    /// <param name="nodes">Whom to watch, when the result is true.</param>
    /// <param name="problems">What is wrong, when the result is false.</param>
    public bool TryRead([NotNullWhen(true)] out LoadPlan? plan, [NotNullWhen(true)] out NodeWatch? nodes, out IReadOnlyList<string> problems)
    {
        var (size, number) = (parsed.GetValue(arguments.Size), parsed.GetValue(arguments.Number));
        if ((long)size * number > KeySizes.MaxBytesPerRequest * 8L)
        {
            _problems.Add($"A request has at most {KeySizes.MaxBytesPerRequest * 8L} bits of keys: --size times --number is more.");
        }

        var routes = ReadRoutes(out nodes);
        nodes = ReadProcesses() ?? nodes;
        var pairs = parsed.GetValue(arguments.Pairs);
        plan = new LoadPlan
        {
            Routes = routes,
            SizeBits = size,
            Number = number,
            Concurrency = parsed.GetValue(arguments.Concurrency),
            Pairs = pairs,
            Duration = IsGiven(arguments.Duration) ? TimeSpan.FromSeconds(parsed.GetValue(arguments.Duration))
                : pairs is null ? TimeSpan.FromSeconds(10)
                : LoadPlan.MaxDuration,
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(arguments.WarmUp)),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(arguments.Timeout)),
            AlwaysPosts = parsed.GetValue(arguments.Post),
        };
        problems = _problems;
        return _problems.Count == 0;
    }

    private List<KeyRoute> ReadRoutes(out NodeWatch nodes)
    {
        Option[] urls = [arguments.MasterKme, arguments.MasterSae, arguments.SlaveKme, arguments.SlaveSae];
        if (!urls.Any(IsGiven))
        {
            return ReadTopology(out nodes);
        }

        nodes = new NodeWatch([], "URLs do not tell which processes there are: name them with --pid");
        if (!urls.All(IsGiven))
        {
            _problems.Add("Of --master-kme, --master-sae, --slave-kme and --slave-sae all must be given, or none.");
        }
        else if (IsGiven(arguments.Topology) || IsGiven(arguments.Pair))
        {
            _problems.Add("URLs and a topology cannot be given both.");
        }
        else if (!SaeId.TryParse(parsed.GetValue(arguments.MasterSae), out var master) || !SaeId.TryParse(parsed.GetValue(arguments.SlaveSae), out var slave))
        {
            _problems.Add("--master-sae and --slave-sae take the ID of an SAE.");
        }
        else
        {
            return [new KeyRoute(master, parsed.GetValue(arguments.MasterKme)!, slave, parsed.GetValue(arguments.SlaveKme)!)];
        }

        return [];
    }

    private List<KeyRoute> ReadTopology(out NodeWatch nodes)
    {
        if (!TopologyFile.TryLoad(parsed.GetValue(arguments.Topology)!, out var topology, out var topologyProblems))
        {
            _problems.AddRange(topologyProblems.Select(problem => problem.ToString()));
            nodes = new NodeWatch([], "there is no topology");
            return [];
        }

        nodes = TopologyProcesses.Find(topology);
        var finder = new RouteFinder(topology);
        var routes = new List<KeyRoute>();
        foreach (var pair in parsed.GetValue(arguments.Pair) is { Length: > 0 } pairs ? pairs : DefaultPairs)
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !SaeId.TryParse(pair[..colon], out var master) || !SaeId.TryParse(pair[(colon + 1)..], out var slave))
            {
                _problems.Add($"'{pair}' is no pair of SAEs: --pair MASTER:SLAVE.");
            }
            else if (finder.TryFind(master, slave, out var route, out var problem))
            {
                routes.Add(route);
            }
            else
            {
                _problems.Add(problem);
            }
        }

        return routes;
    }

    private NodeWatch? ReadProcesses()
    {
        if (parsed.GetValue(arguments.Pid) is not { Length: > 0 } given)
        {
            return null;
        }

        var processes = new List<NodeProcess>();
        foreach (var process in given)
        {
            var equals = process.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && int.TryParse(process[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                processes.Add(new NodeProcess(process[..equals], process[..equals], id));
            }
            else
            {
                _problems.Add($"'{process}' is no process: --pid TYPE=PID.");
            }
        }

        return new NodeWatch(processes, absence: null);
    }

    private bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
}
