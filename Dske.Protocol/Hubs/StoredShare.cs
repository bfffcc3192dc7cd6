using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>A share that waits at a hub. Guarded by the lock of <see cref="ShareStore"/>; owns the share's bytes.</summary>
internal sealed class StoredShare(Guid keyId, NodeName postedBy, SaeId master, SaeId slave, NodeName slaveClient, int index, SecretBytes value)
{
    public Guid KeyId => keyId;

    public NodeName PostedBy => postedBy;

    public SaeId Master => master;

    public SaeId Slave => slave;

    /// <summary>Who owned the slave SAE when the share was posted: a later claim of that name opens nothing.</summary>
    public NodeName SlaveClient => slaveClient;

    public int Index => index;

    public SecretBytes Value => value;

    public DateTimeOffset ExpiresAt { get; set; }

    public bool Delivered { get; set; }

    public bool Removed { get; set; }

    public bool IsSameAs(StoredShare other) => Master == other.Master && Slave == other.Slave && Index == other.Index && Value.FixedTimeEquals(other.Value);
}
