using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>A share that waits at a hub. Guarded by the lock of <see cref="ShareStore"/>; owns the share's bytes.</summary>
internal sealed class StoredShare(Guid keyId, NodeName postedBy, SaeId master, IReadOnlyList<ShareRecipient> recipients, int index, SecretBytes value)
{
    public Guid KeyId => keyId;

    public NodeName PostedBy => postedBy;

    public SaeId Master => master;

    /// <summary>Who may fetch it, and who has.</summary>
    public IReadOnlyList<ShareRecipient> Recipients { get; private set; } = recipients;

    public int Index => index;

    public SecretBytes Value => value;

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Whether all who may fetch it have.</summary>
    public bool Delivered => Recipients.All(recipient => recipient.Delivered);

    public bool Removed { get; set; }

    /// <summary>Ends when the share is stored durably; fails when it could not be.</summary>
    public Task Saved { get; set; } = Task.CompletedTask;

    /// <summary>What is kept of it. The value is the share's own: it lives as long as the share does.</summary>
    public ShareRecord ToRecord() => new(postedBy, keyId, master, Recipients, index, value, ExpiresAt);

    /// <summary>A share as it was kept.</summary>
    public static StoredShare Of(ShareRecord record)
        => new(record.KeyId, record.PostedBy, record.Master, record.Recipients, record.Index, record.Value) { ExpiresAt = record.ExpiresAt };

    /// <summary>Whether a client may fetch the share for an encryptor.</summary>
    public bool IsFor(SaeId slave, NodeName client) => Recipients.Any(recipient => recipient.Slave == slave && recipient.Client == client);

    /// <summary>Notes that it was fetched; false when that was known.</summary>
    public bool NoteDelivery(SaeId slave)
    {
        var isNew = Recipients.Any(recipient => recipient.Slave == slave && !recipient.Delivered);
        if (isNew)
        {
            Recipients = [.. Recipients.Select(recipient => recipient.Slave == slave ? recipient with { Delivered = true } : recipient)];
        }

        return isNew;
    }

    public bool IsSameAs(StoredShare other)
        => Master == other.Master
            && Index == other.Index
            && Recipients.Select(recipient => (recipient.Slave, recipient.Client)).SequenceEqual(other.Recipients.Select(recipient => (recipient.Slave, recipient.Client)))
            && Value.FixedTimeEquals(other.Value);
}
