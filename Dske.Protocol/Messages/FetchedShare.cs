using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>One entry of a <see cref="GetKeySharesAnswer"/>: a share with its index, or an error.</summary>
public sealed record FetchedShare
{
    /// <summary>The UUID of the key.</summary>
    [JsonPropertyName("user_key_id")]
    public required Guid UserKeyId { get; init; }

    /// <summary>Which share this is, 0 to n-1.</summary>
    [JsonPropertyName("share_index")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ShareIndex { get; init; }

    /// <summary>The share, XORed with its part of the pad; base64 on the wire.</summary>
    [JsonPropertyName("encrypted_share_value")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? EncryptedShareValue { get; init; }

    /// <summary>The problem type that says why there is no share.</summary>
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
