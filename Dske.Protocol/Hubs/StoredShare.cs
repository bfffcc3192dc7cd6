using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>A share that waits at a hub. Guarded by the lock of <see cref="ShareStore"/>; owns the share's bytes.</summary>
internal sealed class StoredShare
{
    public StoredShare(Guid keyId, NodeName postedBy, SaeId master, IReadOnlyList<ShareRecipient> recipients, int index, SecretBytes value)
    {
        (KeyId, PostedBy, Master, Recipients, Index, Value) = (keyId, postedBy, master, recipients, index, value);
        Place = new LinkedListNode<StoredShare>(this);
    }

    public Guid KeyId { get; }

    public NodeName PostedBy { get; }

    public SaeId Master { get; }

    /// <summary>Who may fetch it, and who has. Never changed, but replaced: records of it may be on their way to storage.</summary>
    public IReadOnlyList<ShareRecipient> Recipients { get; private set; }

    public int Index { get; }

    public SecretBytes Value { get; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When the last of those fetched it for whom it is; means nothing before.</summary>
    public DateTimeOffset DeliveredAt { get; set; }

    /// <summary>Whether all who may fetch it have.</summary>
    public bool Delivered
    {
        get
        {
            for (var i = 0; i < Recipients.Count; i++)
            {
                if (!Recipients[i].Delivered)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Its place in a <see cref="DeadlineQueue"/>.</summary>
    public LinkedListNode<StoredShare> Place { get; }

    /// <summary>Its place in the <see cref="ShareAccount"/> of its client, once it was delivered.</summary>
    public LinkedListNode<StoredShare>? PlaceAmongDelivered { get; set; }

    /// <summary>Whether it is in the store.</summary>
    public bool IsHeld => Place.List is not null;

    /// <summary>Ends when the share is stored durably; fails when it could not be.</summary>
    public Task Saved { get; set; } = Task.CompletedTask;

    /// <summary>What is kept of it. The value is the share's own: it lives as long as the share does.</summary>
    public ShareRecord ToRecord() => new(PostedBy, KeyId, Master, Recipients, Index, Value, ExpiresAt);

    /// <summary>A share as it was kept.</summary>
    public static StoredShare Of(ShareRecord record)
        => new(record.KeyId, record.PostedBy, record.Master, record.Recipients, record.Index, record.Value) { ExpiresAt = record.ExpiresAt };

    /// <summary>Whether a client may fetch the share for an encryptor.</summary>
    public bool IsFor(SaeId slave, NodeName client) => Find(slave) is var i and >= 0 && Recipients[i].Client == client;

    /// <summary>Notes that it was fetched; false when that was known.</summary>
    public bool NoteDelivery(SaeId slave)
    {
        if (Find(slave) is not (var i and >= 0) || Recipients[i].Delivered)
        {
            return false;
        }

        ShareRecipient[] noted = [.. Recipients];
        noted[i] = noted[i] with { Delivered = true };
        Recipients = noted;
        return true;
    }

    public bool IsSameAs(StoredShare other)
    {
        if (Master != other.Master || Index != other.Index || Recipients.Count != other.Recipients.Count)
        {
            return false;
        }

        for (var i = 0; i < Recipients.Count; i++)
        {
            if (Recipients[i].Slave != other.Recipients[i].Slave || Recipients[i].Client != other.Recipients[i].Client)
            {
                return false;
            }
        }

        return Value.FixedTimeEquals(other.Value);
    }

    /// <summary>Which recipient an encryptor is; each is one at most. -1 when it is none.</summary>
    private int Find(SaeId slave)
    {
        for (var i = 0; i < Recipients.Count; i++)
        {
            if (Recipients[i].Slave == slave)
            {
                return i;
            }
        }

        return -1;
    }
}
