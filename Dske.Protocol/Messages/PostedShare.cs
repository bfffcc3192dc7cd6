using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>One share of a <see cref="PostKeySharesRequest"/>.</summary>
public sealed record PostedShare
{
    /// <summary>The UUID of the key.</summary>
    [JsonPropertyName("user_key_id")]
    public required Guid UserKeyId { get; init; }

    /// <summary>The share, XORed with its part of the pad; base64 on the wire.</summary>
    [JsonPropertyName("encrypted_share_value")]
    public required byte[] EncryptedShareValue { get; init; }
}
