namespace Dske.Console.Network;

/// <summary>Which network the console looks at. Immutable.</summary>
/// <param name="Nodes">The nodes, in the order of the configuration.</param>
/// <param name="Threshold">How many hubs a key takes.</param>
/// <param name="RefillBelow">The bytes in a pool below which clients fetch more.</param>
/// <param name="RefillTo">The bytes in a pool that count as full.</param>
/// <param name="PollInterval">How often nodes are asked while somebody looks.</param>
public sealed record NetworkSettings(IReadOnlyList<MonitoredNode> Nodes, int Threshold, long RefillBelow, long RefillTo, TimeSpan PollInterval)
{
    /// <summary>What becomes of options that have no problems.</summary>
    /// <param name="options">The options.</param>
    internal static NetworkSettings Of(NetworkOptions options) => new(
        [
            .. options.Nodes.Select(static node => new MonitoredNode(
                node.Name!,
                node.Kind!.Value,
                new Uri(node.Url!.GetLeftPart(UriPartial.Authority)),
                node.Kind == NodeKind.Encryptor ? node.SaeId ?? node.Name : null,
                node.Client)),
        ],
        options.Threshold,
        options.RefillBelow,
        options.RefillTo,
        options.PollInterval);
}
