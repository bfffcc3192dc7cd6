using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>How shares get out.</summary>
internal sealed partial class ShareStore
{
    /// <summary>Looks a share up for the client that asks.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="master">The encryptor that is said to have made it.</param>
    /// <param name="slave">The encryptor that wants it.</param>
    /// <param name="client">The asking client, authenticated.</param>
    /// <param name="index">Which share it is.</param>
    /// <param name="value">A copy of the share, which the caller disposes; null unless the result is null.</param>
    /// <returns>Null, <see cref="DskeError.ShareUnknown"/> or <see cref="DskeError.ShareNotYours"/>.</returns>
    public DskeError? TryGet(Guid keyId, SaeId master, SaeId slave, NodeName client, out int index, out SecretBytes? value)
    {
        (index, value) = (-1, null);
        lock (_lock)
        {
            RemoveExpired();
            if (!_shares.ContainsKey(keyId))
            {
                return DskeError.ShareUnknown;
            }

            if (FindDesignated(keyId, master, slave, client, out var isDesignated) is not { } found)
            {
                // Who was not designated learns no more than that; who was, but names another master, does not know this key.
                return isDesignated ? DskeError.ShareUnknown : DskeError.ShareNotYours;
            }

            (index, value) = (found.Index, found.Value.Clone());
            return null;
        }
    }

    /// <summary>Notes that a share was handed out: once all have it that it is for it stays for repeats, if there is room, then it goes.</summary>
    public void MarkDelivered(Guid keyId, SaeId master, SaeId slave, NodeName client)
    {
        lock (_lock)
        {
            if (FindDesignated(keyId, master, slave, client, out _) is not { } share || !share.NoteDelivery(slave))
            {
                return;
            }

            if (share.Delivered)
            {
                share.DeliveredAt = _time.GetUtcNow();
                _accounts[share.PostedBy].NoteDelivered(share);
                var until = share.DeliveredAt + _limits.RepeatWindow;
                if (until < share.ExpiresAt && _waiting.Remove(share))
                {
                    share.ExpiresAt = until;
                    _delivered.Add(share);
                }
            }

            _state.UpdateShare(share.ToRecord());
        }
    }

    private StoredShare? FindDesignated(Guid keyId, SaeId master, SaeId slave, NodeName client, out bool isDesignated)
    {
        isDesignated = false;
        if (_shares.TryGetValue(keyId, out var list))
        {
            foreach (var share in list)
            {
                if (share.IsFor(slave, client))
                {
                    isDesignated = true;
                    if (share.Master == master)
                    {
                        return share;
                    }
                }
            }
        }

        return null;
    }
}
