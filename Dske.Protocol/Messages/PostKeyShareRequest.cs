using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Messages;

/// <summary>Body of POST key-share: the initiating client hands a share to a hub (guide, "Initiator client posts key shares").</summary>
public sealed record PostKeyShareRequest
{
    /// <summary>The posting client.</summary>
    [JsonPropertyName("master_client_name")]
    public required string MasterClientName { get; init; }

    /// <summary>The encryptor that asked for the key.</summary>
    [JsonPropertyName("master_sae_id")]
    public required string MasterSaeId { get; init; }

    /// <summary>The encryptor that may fetch it.</summary>
    [JsonPropertyName("slave_sae_id")]
    public required string SlaveSaeId { get; init; }

    /// <summary>The UUID of the key.</summary>
    [JsonPropertyName("user_key_id")]
    public required Guid UserKeyId { get; init; }

    /// <summary>Which share this is, 0 to n-1.</summary>
    [JsonPropertyName("share_index")]
    public required int ShareIndex { get; init; }

    /// <summary>Which client-owned PSRD is the pad; as long as the share.</summary>
    [JsonPropertyName("encryption_key_allocation")]
    public required Allocation EncryptionKeyAllocation { get; init; }

    /// <summary>The share, XORed with the pad; base64 on the wire.</summary>
    [JsonPropertyName("encrypted_share_value")]
    public required byte[] EncryptedShareValue { get; init; }
}
