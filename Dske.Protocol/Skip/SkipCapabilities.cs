using System.Text.Json.Serialization;

namespace Dske.Protocol.Skip;

/// <summary>What a key provider says of itself (draft-cisco-skip-02, <c>GET /capabilities</c>). Asking consumes nothing.</summary>
public sealed record SkipCapabilities
{
    /// <summary>Whether <c>GET /entropy</c> is served.</summary>
    [JsonPropertyName("entropy")]
    public required bool Entropy { get; init; }

    /// <summary>Whether <c>GET /key</c> is served.</summary>
    [JsonPropertyName("key")]
    public required bool Key { get; init; }

    /// <summary>How keys come about, for a person to read.</summary>
    [JsonPropertyName("algorithm")]
    public required string Algorithm { get; init; }

    /// <summary>The system ID of this key provider: what others name as <c>remoteSystemID</c>.</summary>
    [JsonPropertyName("localSystemID")]
    public required string LocalSystemId { get; init; }

    /// <summary>The system IDs of the key providers that it can share keys with, at least one. Any of them may be a pattern: <see cref="SystemIdPattern"/>.</summary>
    [JsonPropertyName("remoteSystemID")]
    public required IReadOnlyList<string> RemoteSystemIds { get; init; }
}
