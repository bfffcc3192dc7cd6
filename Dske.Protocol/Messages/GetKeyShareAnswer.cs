using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Messages;

/// <summary>Answer to GET key-share: the responding client gets a share from a hub (guide, "Responder client gets key shares").</summary>
public sealed record GetKeyShareAnswer
{
    /// <summary>Which share this is, 0 to n-1.</summary>
    [JsonPropertyName("share_index")]
    public required int ShareIndex { get; init; }

    /// <summary>Which hub-owned PSRD is the pad; as long as the share.</summary>
    [JsonPropertyName("encryption_key_allocation")]
    public required Allocation EncryptionKeyAllocation { get; init; }

    /// <summary>The share, XORed with the pad; base64 on the wire.</summary>
    [JsonPropertyName("encrypted_share_value")]
    public required byte[] EncryptedShareValue { get; init; }

    /// <summary>On a native link: the bytes left in the hub-owned pool, as the hub sees it. Absent towards foreign peers.</summary>
    [JsonPropertyName("psrd_available")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PsrdAvailable { get; init; }
}
