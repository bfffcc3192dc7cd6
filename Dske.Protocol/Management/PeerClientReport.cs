using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>A client in a hub's management status.</summary>
public sealed record PeerClientReport
{
    /// <summary>The client's name.</summary>
    [JsonPropertyName("client_name")]
    public required string ClientName { get; init; }

    /// <summary>The encryptors it registered.</summary>
    [JsonPropertyName("encryptor_names")]
    public required IReadOnlyList<string> EncryptorNames { get; init; }

    /// <summary>Whether it speaks our additions.</summary>
    [JsonPropertyName("native")]
    public required bool Native { get; init; }

    /// <summary>Whether it means other hubs, another order or another threshold than this hub: an alarm.</summary>
    [JsonPropertyName("network_mismatch")]
    public required bool NetworkMismatch { get; init; }

    /// <summary>Whether this hub's stored PSRD turned out to be an older copy than the client knows: an alarm. It is replaced at the next registration.</summary>
    [JsonPropertyName("set_back")]
    public required bool SetBack { get; init; }

    /// <summary>The PSRD that the hub allocates from.</summary>
    [JsonPropertyName("local_pool")]
    public required PoolReport LocalPool { get; init; }

    /// <summary>The PSRD that the client allocates from.</summary>
    [JsonPropertyName("peer_pool")]
    public required PoolReport PeerPool { get; init; }
}
