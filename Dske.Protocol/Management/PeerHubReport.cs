using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>A hub in a client's management status.</summary>
public sealed record PeerHubReport
{
    /// <summary>The hub's name.</summary>
    [JsonPropertyName("hub_name")]
    public required string HubName { get; init; }

    /// <summary>Its place in the network: the index of the share it relays.</summary>
    [JsonPropertyName("share_index")]
    public required int ShareIndex { get; init; }

    /// <summary>Whether the client is registered with it.</summary>
    [JsonPropertyName("registered")]
    public required bool Registered { get; init; }

    /// <summary>Whether keys can be relayed over it now: registered, with PSRD of either owner.</summary>
    [JsonPropertyName("usable")]
    public required bool Usable { get; init; }

    /// <summary>How the link is spoken: <c>native</c>, <c>guide</c> or <c>reference</c>; null before the first registration.</summary>
    [JsonPropertyName("dialect")]
    public required string? Dialect { get; init; }

    /// <summary>Whether the hub means other hubs, another order or another threshold than this client: an alarm.</summary>
    [JsonPropertyName("network_mismatch")]
    public required bool NetworkMismatch { get; init; }

    /// <summary>Whether this client's stored PSRD turned out to be an older copy than the hub knows: an alarm. It was given up and replaced.</summary>
    [JsonPropertyName("set_back")]
    public required bool SetBack { get; init; }

    /// <summary>
    /// Whether wrong shares of keys of two initiators or more came from the hub lately: probably it lies. Its shares are tried last.
    /// </summary>
    [JsonPropertyName("suspect")]
    public required bool Suspect { get; init; }

    /// <summary>How many requests wait on the hub.</summary>
    [JsonPropertyName("waiting")]
    public required int Waiting { get; init; }

    /// <summary>The PSRD that the client allocates from.</summary>
    [JsonPropertyName("local_pool")]
    public required PoolReport LocalPool { get; init; }

    /// <summary>The PSRD that the hub allocates from.</summary>
    [JsonPropertyName("peer_pool")]
    public required PoolReport PeerPool { get; init; }
}
