using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Messages;

/// <summary>
/// Where a hub is with the confirmed blocks of a native link. It comes with the answer to a registration, and is the answer to a sync.
/// </summary>
public sealed record LinkStatement
{
    /// <summary>
    /// What the next sync has to name. Drawn anew when the hub starts and after each sync, so that an old sync, delayed or recorded, is
    /// never taken for a new one.
    /// </summary>
    [JsonPropertyName("turn")]
    public required Guid Turn { get; init; }

    /// <summary>The blocks that the client allocates from, with the byte after the last one that the hub has seen used.</summary>
    [JsonPropertyName("client_owned")]
    public required IReadOnlyList<BlockPosition> ClientOwned { get; init; }

    /// <summary>The blocks that the hub allocates from, with the next byte it will allocate.</summary>
    [JsonPropertyName("hub_owned")]
    public required IReadOnlyList<BlockPosition> HubOwned { get; init; }
}
