using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>What a client hands in with one message, whichever: the shares of one or more keys, from one master to the same slaves.</summary>
/// <param name="ClientName">The posting client.</param>
/// <param name="MasterSaeId">The encryptor that made the keys.</param>
/// <param name="SlaveSaeId">The encryptor that may fetch them.</param>
/// <param name="Also">Further ones.</param>
/// <param name="ShareIndex">Which shares these are.</param>
/// <param name="Pad">Which PSRD is the pad of all of them, one after the other.</param>
/// <param name="Shares">The shares, each of another key.</param>
internal sealed record Posting(
    string ClientName,
    string MasterSaeId,
    string SlaveSaeId,
    IReadOnlyList<SaeId> Also,
    int ShareIndex,
    Allocation Pad,
    IReadOnlyList<(Guid KeyId, byte[] EncryptedValue)> Shares)
{
    /// <summary>The bytes of all shares together.</summary>
    public int Size
    {
        get
        {
            var size = 0;
            for (var i = 0; i < Shares.Count; i++)
            {
                size += Shares[i].EncryptedValue.Length;
            }

            return size;
        }
    }

    public static Posting Of(PostKeyShareRequest message, IReadOnlyList<SaeId> also) => new(
        message.MasterClientName,
        message.MasterSaeId,
        message.SlaveSaeId,
        also,
        message.ShareIndex,
        message.EncryptionKeyAllocation,
        [(message.UserKeyId, message.EncryptedShareValue)]);

    /// <summary>Reads a message with several shares; false when it has too few, too many, or two of one key.</summary>
    public static bool TryRead(PostKeySharesRequest message, IReadOnlyList<SaeId> also, [NotNullWhen(true)] out Posting? posting)
    {
        posting = null;
        var shares = message.Shares;
        if (shares.Count is 0 or > KeySharesQuery.MaxKeys
            || shares.Any(share => share is null)
            || shares.Sum(share => (long)share.EncryptedShareValue.Length) > KeySizes.MaxBytes
            || shares.DistinctBy(share => share.UserKeyId).Count() != shares.Count)
        {
            return false;
        }

        posting = new Posting(
            message.MasterClientName,
            message.MasterSaeId,
            message.SlaveSaeId,
            also,
            message.ShareIndex,
            message.EncryptionKeyAllocation,
            [.. shares.Select(share => (share.UserKeyId, share.EncryptedShareValue))]);
        return true;
    }

    /// <summary>The shares themselves, which the receiver owns.</summary>
    public IReadOnlyList<StoredShare> Decrypt(NodeName client, SaeId master, IReadOnlyList<ShareRecipient> recipients, SecretBytes pad)
    {
        var shares = new StoredShare[Shares.Count];
        var start = 0;
        for (var i = 0; i < shares.Length; i++)
        {
            var (keyId, encrypted) = Shares[i];
            var value = SecretBytes.CopyOf(pad.Span.Slice(start, encrypted.Length));
            OneTimePad.Apply(encrypted, value.Span);
            shares[i] = new StoredShare(keyId, client, master, recipients, ShareIndex, value);
            start += encrypted.Length;
        }

        return shares;
    }
}
