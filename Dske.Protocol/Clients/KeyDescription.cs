using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>Which keys shares belong to, who handles them and for whom: keys that travel together have all of that in common.</summary>
/// <param name="Client">The client that posts or fetches.</param>
/// <param name="KeyIds">The keys' UUIDs; at least one, each once.</param>
/// <param name="Master">The encryptor that made the keys.</param>
/// <param name="Slave">The encryptor that may fetch them.</param>
/// <param name="Also">When posting, further encryptors that may; otherwise empty.</param>
public sealed record KeyDescription(NodeName Client, IReadOnlyList<Guid> KeyIds, SaeId Master, SaeId Slave, IReadOnlyList<SaeId> Also)
{
    /// <summary>How many bytes of keys the whole request is for that these belong to, as far as that is known: it says how long it may take.</summary>
    public long RequestSize { get; init; }

    /// <summary>Describes a single key.</summary>
    /// <param name="client">The client that posts or fetches.</param>
    /// <param name="keyId">The key's UUID.</param>
    /// <param name="master">The encryptor that made the key.</param>
    /// <param name="slave">The encryptor that may fetch it.</param>
    public KeyDescription(NodeName client, Guid keyId, SaeId master, SaeId slave)
        : this(client, [keyId], master, slave, [])
    {
    }

    /// <summary>Whether hubs of other implementations understand messages about these keys: one key, for one encryptor.</summary>
    public bool IsPlain => KeyIds.Count == 1 && Also.Count == 0;
}
