using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>Who an encryptor is and whom it establishes keys with.</summary>
internal sealed record PeerList
{
    [JsonPropertyName("sae_ID")]
    [Description("This encryptor's SAE ID.")]
    public required string SaeId { get; init; }

    [JsonPropertyName("kme")]
    [Description("The KME that delivers its keys.")]
    public required string Kme { get; init; }

    [JsonPropertyName("peers")]
    [Description("The SAE IDs of its peers, sorted.")]
    public required IReadOnlyList<string> Peers { get; init; }
}
