using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Management;

/// <summary>One of the two PSRD pools of a link in a management status.</summary>
public sealed record PoolReport
{
    /// <summary>Who allocates from it: <c>local</c> is the reporting node, <c>peer</c> the other end.</summary>
    [JsonPropertyName("owner")]
    public required string Owner { get; init; }

    /// <summary>The blocks, in the order of use; used-up ones are gone.</summary>
    [JsonPropertyName("blocks")]
    public required IReadOnlyList<BlockReport> Blocks { get; init; }

    /// <summary>Reports the pool that the reporting node allocates from.</summary>
    /// <param name="blocks">Its blocks.</param>
    public static PoolReport Local(IEnumerable<BlockStatus> blocks) => new() { Owner = "local", Blocks = [.. blocks.Select(BlockReport.Of)] };

    /// <summary>Reports the pool that the other end allocates from.</summary>
    /// <param name="blocks">Its blocks.</param>
    public static PoolReport Peer(IEnumerable<BlockStatus> blocks) => new() { Owner = "peer", Blocks = [.. blocks.Select(BlockReport.Of)] };
}
