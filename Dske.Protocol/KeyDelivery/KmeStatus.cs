using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Protocol.KeyDelivery;

/// <summary>What a KME says of itself and one pair of SAEs (ETSI GS QKD 014 clause 6.1, "Status"). Asking consumes nothing.</summary>
public sealed record KmeStatus
{
    /// <summary>The KME that answers.</summary>
    [JsonPropertyName("source_KME_ID")]
    public required string SourceKmeId { get; init; }

    /// <summary>The KME of the slave SAE.</summary>
    [JsonPropertyName("target_KME_ID")]
    public required string TargetKmeId { get; init; }

    /// <summary>The SAE that asks.</summary>
    [JsonPropertyName("master_SAE_ID")]
    public required string MasterSaeId { get; init; }

    /// <summary>The SAE named in the path.</summary>
    [JsonPropertyName("slave_SAE_ID")]
    public required string SlaveSaeId { get; init; }

    /// <summary>The size of a key when a request names none, in bits.</summary>
    [JsonPropertyName("key_size")]
    public required int KeySize { get; init; }

    /// <summary>How many keys of that size can be had now.</summary>
    [JsonPropertyName("stored_key_count")]
    public required int StoredKeyCount { get; init; }

    /// <summary>The greatest value of <see cref="StoredKeyCount"/>.</summary>
    [JsonPropertyName("max_key_count")]
    public required int MaxKeyCount { get; init; }

    /// <summary>The most keys of one request.</summary>
    [JsonPropertyName("max_key_per_request")]
    public required int MaxKeyPerRequest { get; init; }

    /// <summary>The largest key, in bits.</summary>
    [JsonPropertyName("max_key_size")]
    public required int MaxKeySize { get; init; }

    /// <summary>The smallest key, in bits.</summary>
    [JsonPropertyName("min_key_size")]
    public required int MinKeySize { get; init; }

    /// <summary>How many further slave SAEs a request may name; 0 means no multicast.</summary>
    [JsonPropertyName("max_SAE_ID_count")]
    public required int MaxSaeIdCount { get; init; }

    /// <summary>Reserved by the standard.</summary>
    [JsonPropertyName("status_extension")]
    public JsonElement? StatusExtension { get; init; }
}
