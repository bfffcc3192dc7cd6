using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dske.Storage.Records;

/// <summary>
/// Makes the tags of a file's records: HMAC-SHA256 under the file's own key, bound to the slot. One keyed hash makes all of them, which costs a third of
/// setting one up for each.
/// </summary>
/// <remarks>Safe for concurrent use: one lock.</remarks>
/// <param name="key">The file's key; copied.</param>
internal sealed class RecordTags(ReadOnlySpan<byte> key) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    /// <summary>Makes a tag.</summary>
    /// <param name="kind">What is tagged: a letter, so that the tag of one part of a record is none of another.</param>
    /// <param name="slot">Where the record lies.</param>
    /// <param name="content">What is tagged.</param>
    /// <param name="tag">Where the tag goes: as many bytes of it as there is room for, at most 32.</param>
    public void Make(char kind, int slot, ReadOnlySpan<byte> content, Span<byte> tag)
    {
        Span<byte> prefix = stackalloc byte[1 + sizeof(int)];
        prefix[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], slot);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using (_lock.EnterScope())
        {
            _hash.AppendData(prefix);
            _hash.AppendData(content);
            _hash.GetHashAndReset(hash);
        }

        hash[..tag.Length].CopyTo(tag);
    }

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();
}
