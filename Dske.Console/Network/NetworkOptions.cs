namespace Dske.Console.Network;

/// <summary>Which nodes the console looks at, and how often. Bound to the section <c>Dske:Console</c>.</summary>
public sealed class NetworkOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Console";

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    /// <summary>The nodes. Default: none.</summary>
    public IList<NodeOptions> Nodes { get; } = [];

    /// <summary>How many hubs a key takes, 1 to 16. Default 3.</summary>
    public int Threshold { get; set; } = 3;

    /// <summary>The random data in a pool, in bytes, below which clients fetch more. Default 65,536.</summary>
    public long RefillBelow { get; set; } = 65_536;

    /// <summary>The random data in a pool, in bytes, that counts as full; more than <see cref="RefillBelow"/>. Default 262,144.</summary>
    public long RefillTo { get; set; } = 262_144;

    /// <summary>
    /// How often nodes are asked while somebody looks, 250 ms to 1 min; large networks less often (<see cref="NetworkPoller"/>). Default 500 ms.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    internal static IEnumerable<string> FindProblems(NetworkOptions options)
    {
        if (options.Threshold is < 1 or > 16)
        {
            yield return $"{Section}:{nameof(Threshold)} has to be 1 to 16, not {options.Threshold}.";
        }

        if (options.RefillBelow < 0 || options.RefillTo <= options.RefillBelow)
        {
            yield return $"{Section}:{nameof(RefillTo)} has to be more than {nameof(RefillBelow)}, and neither less than 0: they are {options.RefillTo} and {options.RefillBelow}.";
        }

        if (options.PollInterval < ShortestInterval || options.PollInterval > LongestInterval)
        {
            yield return $"{Section}:{nameof(PollInterval)} has to be from {ShortestInterval} to {LongestInterval}; it is {options.PollInterval}.";
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, node) in options.Nodes.Index())
        {
            foreach (var problem in FindProblems($"{Section}:Nodes:{index}", node))
            {
                yield return problem;
            }

            if (node.Name is { } name && !names.Add(name))
            {
                yield return $"{Section}:Nodes:{index}:Name is '{name}', which another node has already: name each node once.";
            }
        }
    }

    private static IEnumerable<string> FindProblems(string key, NodeOptions node)
    {
        if (string.IsNullOrWhiteSpace(node.Name))
        {
            yield return $"{key}:Name is missing.";
        }

        if (node.Kind is null || !Enum.IsDefined(node.Kind.Value))
        {
            yield return $"{key}:Kind has to be {string.Join(", ", Enum.GetNames<NodeKind>())}.";
        }

        if (node.Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{key}:Url has to be an http or https URL such as http://localhost:8100; it is {(node.Url is null ? "missing" : $"'{node.Url}'")}.";
        }

        if (node.Kind == NodeKind.Encryptor && string.IsNullOrWhiteSpace(node.Client))
        {
            yield return $"{key}:Client is missing: name the client of the encryptor.";
        }
    }
}
