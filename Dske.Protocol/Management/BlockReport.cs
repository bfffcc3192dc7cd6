using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Management;

/// <summary>A PSRD block in a management status: how much of it is left, never what is in it.</summary>
public sealed record BlockReport
{
    /// <summary>The block's UUID.</summary>
    [JsonPropertyName("uuid")]
    public required Guid Uuid { get; init; }

    /// <summary>The size, in bytes.</summary>
    [JsonPropertyName("size")]
    public required long Size { get; init; }

    /// <summary>The bytes that were used or given up.</summary>
    [JsonPropertyName("nr_used_bytes")]
    public required long UsedBytes { get; init; }

    /// <summary>The bytes that can still be used.</summary>
    [JsonPropertyName("nr_unused_bytes")]
    public required long UnusedBytes { get; init; }

    /// <summary>Whether the block waits until both ends are known to have it; nothing is used of it before that. Left out when not.</summary>
    [JsonPropertyName("pending")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Pending { get; init; }

    /// <summary>Reports a block.</summary>
    /// <param name="block">The block.</param>
    public static BlockReport Of(BlockStatus block) => new()
    {
        Uuid = block.BlockId,
        Size = block.Size,
        UsedBytes = block.UsedBytes,
        UnusedBytes = block.UnusedBytes,
        Pending = !block.IsConfirmed,
    };
}
