using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>A share that waits at a hub, in its management status: everything but the share.</summary>
public sealed record ShareReport
{
    /// <summary>The client that posted it.</summary>
    [JsonPropertyName("client_name")]
    public required string ClientName { get; init; }

    /// <summary>The encryptor that made the key.</summary>
    [JsonPropertyName("master_sae_id")]
    public required string MasterSaeId { get; init; }

    /// <summary>The encryptor that may fetch it.</summary>
    [JsonPropertyName("slave_sae_id")]
    public required string SlaveSaeId { get; init; }

    /// <summary>Further encryptors that may fetch it; absent when there are none.</summary>
    [JsonPropertyName("also")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? AlsoFor { get; init; }

    /// <summary>The key it belongs to.</summary>
    [JsonPropertyName("key_id")]
    public required Guid KeyId { get; init; }

    /// <summary>Which share it is, 0 to n-1.</summary>
    [JsonPropertyName("share_index")]
    public required int ShareIndex { get; init; }

    /// <summary>Its size, in bytes.</summary>
    [JsonPropertyName("size")]
    public required int Size { get; init; }

    /// <summary>Whether it was fetched for all of them; it stays for a moment in case the answer was lost.</summary>
    [JsonPropertyName("delivered")]
    public required bool Delivered { get; init; }

    /// <summary>When it will be erased.</summary>
    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }
}
