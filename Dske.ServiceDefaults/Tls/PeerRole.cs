using System.Security.Cryptography;

namespace Dske.ServiceDefaults.Tls;

/// <summary>At which end of a connection a peer is: its certificate has to be good for that (RFC 5280 section 4.2.1.12).</summary>
internal enum PeerRole
{
    /// <summary>It serves.</summary>
    Server,

    /// <summary>It calls.</summary>
    Client,
}

/// <summary>What certificates say of <see cref="PeerRole"/>.</summary>
internal static class PeerRoles
{
    /// <summary>The key purpose of a role.</summary>
    public static Oid PurposeOf(this PeerRole role) => new(role == PeerRole.Server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2");
}
