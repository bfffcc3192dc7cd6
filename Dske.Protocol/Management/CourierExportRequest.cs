using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>What a hub is to put into a file for a courier.</summary>
public sealed record CourierExportRequest
{
    /// <summary>The client that the file is for.</summary>
    [JsonPropertyName("client_name")]
    public required string ClientName { get; init; }

    /// <summary>The SAE IDs of the client besides its own name. A file that enrols lets it claim them; in one that refills a link they mean nothing.</summary>
    [JsonPropertyName("encryptor_names")]
    public required IReadOnlyList<string> EncryptorNames { get; init; }

    /// <summary>How many bytes, for each of the two pools: at least 4,096.</summary>
    [JsonPropertyName("size")]
    public required long Size { get; init; }

    /// <summary>Whether the link is to begin anew though the hub has one with the client.</summary>
    [JsonPropertyName("begins_anew")]
    public required bool BeginsAnew { get; init; }
}
