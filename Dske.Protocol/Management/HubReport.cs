using System.Text.Json.Serialization;
using Dske.Protocol.Hubs;

namespace Dske.Protocol.Management;

/// <summary>A hub's management status. No byte of PSRD or of a share is in it.</summary>
public sealed record HubReport
{
    /// <summary>The most shares that are listed.</summary>
    public const int MaxShares = 1000;

    /// <summary>The hub's name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The registered clients, by name.</summary>
    [JsonPropertyName("peer_clients")]
    public required IReadOnlyList<PeerClientReport> PeerClients { get; init; }

    /// <summary>The shares that wait to be fetched, at most <see cref="MaxShares"/> of them.</summary>
    [JsonPropertyName("shares")]
    public required IReadOnlyList<ShareReport> Shares { get; init; }

    /// <summary>How many requests were refused since the hub started, by the short name of the reason; reasons that did not occur are absent.</summary>
    [JsonPropertyName("rejected")]
    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    /// <summary>Reports a hub.</summary>
    /// <param name="hub">The hub.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    public static HubReport Of(HubEngine hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return new HubReport
        {
            Name = hub.Name.Value,
            PeerClients = [.. hub.GetClients().Select(Of)],
            Shares = [.. hub.GetShares(MaxShares).Select(Of)],
            Rejected = hub.Rejections.GetCounts(),
        };
    }

    private static PeerClientReport Of(ClientStatus client) => new()
    {
        ClientName = client.Name.Value,
        EncryptorNames = [.. client.Encryptors.Select(encryptor => encryptor.Value)],
        Native = client.IsNative,
        NetworkMismatch = client.NetworkMismatch,
        SetBack = client.WasSetBack,
        LocalPool = PoolReport.Local(client.HubOwned),
        PeerPool = PoolReport.Peer(client.ClientOwned),
    };

    private static ShareReport Of(ShareStatus share) => new()
    {
        ClientName = share.ClientName.Value,
        MasterSaeId = share.MasterSaeId.Value,
        SlaveSaeId = share.SlaveSaeIds[0].Value,
        AlsoFor = share.SlaveSaeIds.Count > 1 ? [.. share.SlaveSaeIds.Skip(1).Select(slave => slave.Value)] : null,
        KeyId = share.KeyId,
        ShareIndex = share.ShareIndex,
        Size = share.Size,
        Delivered = share.Delivered,
        ExpiresAt = share.ExpiresAt,
    };
}
