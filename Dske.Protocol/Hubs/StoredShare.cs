using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
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

    /// <summary>Ends when the share is stored durably; fails when it could not be.</summary>
    public Task Saved { get; set; } = Task.CompletedTask;

    /// <summary>What is kept of it. The value is the share's own: it lives as long as the share does.</summary>
    public ShareRecord ToRecord() => new(postedBy, keyId, master, slave, slaveClient, index, value, ExpiresAt, Delivered);

    /// <summary>A share as it was kept.</summary>
    public static StoredShare Of(ShareRecord record)
        => new(record.KeyId, record.PostedBy, record.Master, record.Slave, record.SlaveClient, record.Index, record.Value)
        {
            ExpiresAt = record.ExpiresAt,
            Delivered = record.Delivered,
        };

    public bool IsSameAs(StoredShare other) => Master == other.Master && Slave == other.Slave && Index == other.Index && Value.FixedTimeEquals(other.Value);
}
