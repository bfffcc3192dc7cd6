using System.Buffers.Binary;
using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage.Records;

namespace Dske.Storage.States;

/// <summary>How a share is stored as the content of a record: four names, each with its length before it, the key's UUID, the index, the value.</summary>
internal static class ShareContent
{
    private const int UuidSize = 16;

    /// <summary>Writes a share.</summary>
    /// <returns>The content, which the caller disposes.</returns>
    public static SecretBytes Write(ShareRecord share)
    {
        ReadOnlySpan<string> names = [share.PostedBy.Value, share.Master.Value, share.Slave.Value, share.SlaveClient.Value];
        var length = UuidSize + sizeof(int) + share.Value.Length;
        foreach (var name in names)
        {
            length += sizeof(ushort) + Encoding.UTF8.GetByteCount(name);
        }

        var content = new SecretBytes(length);
        var rest = content.Span;
        foreach (var name in names)
        {
            var size = Encoding.UTF8.GetBytes(name, rest[sizeof(ushort)..]);
            BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)size));
            rest = rest[(sizeof(ushort) + size)..];
        }

        share.KeyId.TryWriteBytes(rest, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(rest[UuidSize..], share.Index);
        share.Value.Span.CopyTo(rest[(UuidSize + sizeof(int))..]);
        return content;
    }

    /// <summary>Reads a share. The record's tag says that it was written like this.</summary>
    /// <returns>The share, whose value the caller disposes.</returns>
    public static ShareRecord Read(ReadOnlySpan<byte> content, RecordState state)
    {
        var postedBy = NodeName.Parse(ReadName(ref content));
        var master = SaeId.Parse(ReadName(ref content));
        var slave = SaeId.Parse(ReadName(ref content));
        var slaveClient = NodeName.Parse(ReadName(ref content));
        return new ShareRecord(
            postedBy,
            new Guid(content[..UuidSize], bigEndian: true),
            master,
            slave,
            slaveClient,
            BinaryPrimitives.ReadInt32BigEndian(content[UuidSize..]),
            SecretBytes.CopyOf(content[(UuidSize + sizeof(int))..]),
            state.Until,
            state.IsDelivered);
    }

    private static string ReadName(ref ReadOnlySpan<byte> content)
    {
        var size = BinaryPrimitives.ReadUInt16BigEndian(content);
        var name = Encoding.UTF8.GetString(content.Slice(sizeof(ushort), size));
        content = content[(sizeof(ushort) + size)..];
        return name;
    }
}
