using System.Buffers.Binary;
using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage.Records;

namespace Dske.Storage.States;

/// <summary>
/// How a share is stored as the content of a record: the names of who posted it, of the master, and of the first recipient with its client, each
/// with its length before it; the key's UUID; four bytes, the number of further recipients in the highest one and the index in the others; those
/// recipients; the value. Who of them has had it is the record's state, in the same order.
/// </summary>
internal static class ShareContent
{
    private const int UuidSize = 16;
    private const int IndexBits = 24;

    /// <summary>Writes a share.</summary>
    /// <returns>The content, which the caller disposes.</returns>
    public static SecretBytes Write(ShareRecord share)
    {
        var length = UuidSize + sizeof(int) + share.Value.Length + SizeOf(share.PostedBy.Value) + SizeOf(share.Master.Value);
        foreach (var recipient in share.Recipients)
        {
            length += SizeOf(recipient.Slave.Value) + SizeOf(recipient.Client.Value);
        }

        var content = new SecretBytes(length);
        var rest = content.Span;
        WriteName(share.PostedBy.Value, ref rest);
        WriteName(share.Master.Value, ref rest);
        WriteRecipient(share.Recipients[0], ref rest);
        share.KeyId.TryWriteBytes(rest, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(rest[UuidSize..], share.Index | ((share.Recipients.Count - 1) << IndexBits));
        rest = rest[(UuidSize + sizeof(int))..];
        foreach (var recipient in share.Recipients.Skip(1))
        {
            WriteRecipient(recipient, ref rest);
        }

        share.Value.Span.CopyTo(rest);
        return content;
    }

    /// <summary>Reads a share. The record's tag says that it was written like this.</summary>
    /// <returns>The share, whose value the caller disposes.</returns>
    public static ShareRecord Read(ReadOnlySpan<byte> content, RecordState state)
    {
        var postedBy = NodeName.Parse(ReadName(ref content));
        var master = SaeId.Parse(ReadName(ref content));
        var first = ReadRecipient(ref content, state, 0);
        var keyId = new Guid(content[..UuidSize], bigEndian: true);
        var number = BinaryPrimitives.ReadInt32BigEndian(content[UuidSize..]);
        content = content[(UuidSize + sizeof(int))..];
        var recipients = new ShareRecipient[1 + (number >> IndexBits)];
        recipients[0] = first;
        for (var i = 1; i < recipients.Length; i++)
        {
            recipients[i] = ReadRecipient(ref content, state, i);
        }

        return new ShareRecord(postedBy, keyId, master, recipients, number & ((1 << IndexBits) - 1), SecretBytes.CopyOf(content), state.Until);
    }

    /// <summary>What of a share is a record's state.</summary>
    public static RecordState StateOf(ShareRecord share)
    {
        var delivered = 0u;
        for (var i = 0; i < share.Recipients.Count; i++)
        {
            delivered |= share.Recipients[i].Delivered ? 1u << i : 0;
        }

        return new RecordState(share.ExpiresAt, delivered);
    }

    private static int SizeOf(string name) => sizeof(ushort) + Encoding.UTF8.GetByteCount(name);

    private static void WriteRecipient(ShareRecipient recipient, ref Span<byte> rest)
    {
        WriteName(recipient.Slave.Value, ref rest);
        WriteName(recipient.Client.Value, ref rest);
    }

    private static ShareRecipient ReadRecipient(ref ReadOnlySpan<byte> content, RecordState state, int place)
        => new(SaeId.Parse(ReadName(ref content)), NodeName.Parse(ReadName(ref content)), (state.Delivered & (1u << place)) != 0);

    private static void WriteName(string name, ref Span<byte> rest)
    {
        var size = Encoding.UTF8.GetBytes(name, rest[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)size));
        rest = rest[(sizeof(ushort) + size)..];
    }

    private static string ReadName(ref ReadOnlySpan<byte> content)
    {
        var size = BinaryPrimitives.ReadUInt16BigEndian(content);
        var name = Encoding.UTF8.GetString(content.Slice(sizeof(ushort), size));
        content = content[(sizeof(ushort) + size)..];
        return name;
    }
}
