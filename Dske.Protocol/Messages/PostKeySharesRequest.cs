using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Messages;

/// <summary>Body of POST key-shares, on native links: the shares of several keys in one message. The hub stores all of them or none.</summary>
public sealed record PostKeySharesRequest
{
    /// <summary>The posting client.</summary>
    [JsonPropertyName("master_client_name")]
    public required string MasterClientName { get; init; }

    /// <summary>The encryptor that asked for the keys.</summary>
    [JsonPropertyName("master_sae_id")]
    public required string MasterSaeId { get; init; }

    /// <summary>The encryptor that may fetch them.</summary>
    [JsonPropertyName("slave_sae_id")]
    public required string SlaveSaeId { get; init; }

    /// <summary>Which shares these are, 0 to n-1.</summary>
    [JsonPropertyName("share_index")]
    public required int ShareIndex { get; init; }

    /// <summary>Which client-owned PSRD is the pad: as long as all shares together, and used in their order.</summary>
    [JsonPropertyName("encryption_key_allocation")]
    public required Allocation EncryptionKeyAllocation { get; init; }

    /// <summary>The shares: 1 to <see cref="KeySharesQuery.MaxKeys"/>, each of another key, with at most 2 MiB together.</summary>
    [JsonPropertyName("shares")]
    public required IReadOnlyList<PostedShare> Shares { get; init; }
}
