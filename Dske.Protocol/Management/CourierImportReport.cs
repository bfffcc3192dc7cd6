using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>A couriered file that a client has read.</summary>
public sealed record CourierImportReport
{
    /// <summary>The file's UUID.</summary>
    [JsonPropertyName("file")]
    public required Guid File { get; init; }

    /// <summary>The hub that made it.</summary>
    [JsonPropertyName("hub_name")]
    public required string HubName { get; init; }

    /// <summary>The client that has read it.</summary>
    [JsonPropertyName("client_name")]
    public required string ClientName { get; init; }

    /// <summary>Whether a link begins with it; otherwise it refills one.</summary>
    [JsonPropertyName("enrols")]
    public required bool Enrols { get; init; }

    /// <summary>How many bytes it brought for the pool that the client allocates from.</summary>
    [JsonPropertyName("client_owned_bytes")]
    public required long ClientOwnedBytes { get; init; }

    /// <summary>How many bytes it brought for the pool that the hub allocates from.</summary>
    [JsonPropertyName("hub_owned_bytes")]
    public required long HubOwnedBytes { get; init; }
}
