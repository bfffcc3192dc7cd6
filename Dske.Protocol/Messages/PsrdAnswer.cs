using System.Text.Json.Serialization;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Messages;

/// <summary>Answer to GET psrd: a fresh block (guide, "Request Pre-Shared Random Data"). Dispose it: it owns the bytes.</summary>
public sealed record PsrdAnswer : IDisposable
{
    /// <summary>The UUID of the block, chosen by the hub.</summary>
    [JsonPropertyName("block_uuid")]
    public required Guid BlockUuid { get; init; }

    /// <summary>The random bytes; base64 on the wire.</summary>
    [JsonPropertyName("data")]
    public required SecretBytes Data { get; init; }

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose() => Data.Dispose();

    /// <summary>Names the block, never its bytes.</summary>
    public override string ToString() => $"PsrdAnswer({BlockUuid}, {Data.Length} bytes)";
}
