using System.Text.Json.Serialization;
using Dske.Protocol.Clients;

namespace Dske.Protocol.Management;

/// <summary>A client's management status. No byte of PSRD, of a share or of a key is in it.</summary>
public sealed record ClientReport
{
    /// <summary>The client's name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The encryptors attached to it.</summary>
    [JsonPropertyName("encryptor_names")]
    public required IReadOnlyList<string> EncryptorNames { get; init; }

    /// <summary>Whether keys can be made now.</summary>
    [JsonPropertyName("ready")]
    public required bool Ready { get; init; }

    /// <summary>How many hubs are needed for a key.</summary>
    [JsonPropertyName("threshold")]
    public required int Threshold { get; init; }

    /// <summary>The hubs, in the order of the network.</summary>
    [JsonPropertyName("peer_hubs")]
    public required IReadOnlyList<PeerHubReport> PeerHubs { get; init; }

    /// <summary>Reports a client.</summary>
    /// <param name="client">The client.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    public static ClientReport Of(ClientEngine client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new ClientReport
        {
            Name = client.Name.Value,
            EncryptorNames = [.. client.Encryptors.Select(encryptor => encryptor.Value)],
            Ready = client.IsReady,
            Threshold = client.Threshold,
            PeerHubs = [.. client.Links.Select(link => Of(link, client.Reputation.IsSuspect(link.Index)))],
        };
    }

    private static PeerHubReport Of(HubLink link, bool suspect) => new()
    {
        HubName = link.Hub.Value,
        ShareIndex = link.Index,
        Registered = link.Session is not null,
        Usable = link.IsUsable,
        Dialect = link.Session switch
        {
            null => null,
            { IsNative: true } => "native",
            { Dialect: Messages.Dialect.Guide } => "guide",
            _ => "reference",
        },
        NetworkMismatch = link.NetworkMismatch,
        SetBack = link.WasSetBack,
        Suspect = suspect,
        Waiting = link.Waiting,
        LocalPool = PoolReport.Local(link.Session?.ClientOwned.GetStatus() ?? []),
        PeerPool = PoolReport.Peer(link.Session?.HubOwned.GetStatus() ?? []),
    };
}
