using Dske.Protocol.Secrets;
using Dske.Storage.Files;

namespace Dske.Storage.States;

/// <summary>
/// The file of the keys under which shares are encrypted: slots of 32 bytes, zero when free. A database keeps copies of what was deleted, in
/// its log for one; what makes a share unreadable for good is that its key is overwritten in place here.
/// </summary>
/// <remarks>Taking and releasing slots is safe for concurrent use; a slot is written by one caller at a time.</remarks>
internal sealed class ShareKeys : IDisposable
{
    public const string FileName = "share-keys";

    private const int SlotsPerPiece = 2048;
    private static readonly byte[] Zeros = new byte[SlotsPerPiece * ShareSeal.KeySize];

    private readonly Lock _lock = new();
    private readonly PriorityQueue<int, int> _free = new();
    private readonly IStorageFile _file;
    private int _count;
    private long _length;

    private ShareKeys(IStorageFile file, string path)
    {
        _file = file;
        Path = path;
    }

    /// <summary>The full path, for messages.</summary>
    public string Path { get; }

    /// <summary>Opens the file, or makes it, and erases every key that no share in the database has.</summary>
    /// <param name="files">The node's directory.</param>
    /// <param name="inUse">The slots that the database names.</param>
    /// <exception cref="StorageException">The file is missing or too short for the slots in use, or failed.</exception>
    public static ShareKeys Open(IStorageFiles files, IReadOnlySet<int> inUse)
    {
        var path = files.PathOf(FileName);
        var length = files.LengthOf(FileName);
        if ((length ?? 0) < inUse.Select(slot => (slot + 1L) * ShareSeal.KeySize).DefaultIfEmpty().Max())
        {
            throw new StorageException(
                path, "Keys of waiting shares are missing.", $"Put the file back as it was, or delete {HubDatabase.FileName} and {FileName}: clients register again by themselves.");
        }

        IStorageFile file;
        if (length is null)
        {
            file = files.Create(FileName);
            files.FlushNames();
        }
        else
        {
            file = files.Open(FileName);
        }

        var keys = new ShareKeys(file, path);
        try
        {
            keys.EraseOrphans(inUse);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Takes a free slot.</summary>
    public int Take()
    {
        using (_lock.EnterScope())
        {
            return _free.TryDequeue(out var slot, out _) ? slot : _count++;
        }
    }

    /// <summary>Gives a slot back whose key is durably erased and that the database does not name.</summary>
    public void Release(int slot)
    {
        using (_lock.EnterScope())
        {
            _free.Enqueue(slot, slot);
        }
    }

    /// <summary>Writes a key. Durable after <see cref="Flush"/>.</summary>
    public void Write(int slot, ReadOnlySpan<byte> key)
    {
        // The file grows by many slots at a time: as long as its length stays, a flush costs half.
        for (; _length < (slot + 1L) * ShareSeal.KeySize; _length += Zeros.Length)
        {
            _file.Write(_length, Zeros);
        }

        _file.Write((long)slot * ShareSeal.KeySize, key);
    }

    /// <summary>Overwrites a key with zeros. Durable after <see cref="Flush"/>.</summary>
    public void Erase(int slot) => Write(slot, Zeros.AsSpan(0, ShareSeal.KeySize));

    /// <summary>Makes what was written durable.</summary>
    public void Flush() => _file.Flush();

    /// <summary>Reads a key; the caller zeroes it.</summary>
    /// <returns>False when the key was erased.</returns>
    public bool TryRead(int slot, Span<byte> key)
    {
        _file.Read((long)slot * ShareSeal.KeySize, key);
        return key.ContainsAnyExcept((byte)0);
    }

    public void Dispose() => _file.Dispose();

    private void EraseOrphans(IReadOnlySet<int> inUse)
    {
        // A loss of power may leave a last slot that is not whole: it was never used.
        var length = _file.Length;
        _length = length / ShareSeal.KeySize * ShareSeal.KeySize;
        _count = checked((int)((length + ShareSeal.KeySize - 1) / ShareSeal.KeySize));
        using var piece = new SecretBytes(SlotsPerPiece * ShareSeal.KeySize);
        var hasOrphans = false;
        for (var slot = 0; slot < _count; slot++)
        {
            var offset = (long)slot * ShareSeal.KeySize;
            if (slot % SlotsPerPiece == 0)
            {
                piece.Span.Clear();
                _file.Read(offset, piece.Span[..(int)Math.Min(piece.Length, length - offset)]);
            }

            if (inUse.Contains(slot))
            {
                continue;
            }

            _free.Enqueue(slot, slot);
            if (piece.Span.Slice(slot % SlotsPerPiece * ShareSeal.KeySize, ShareSeal.KeySize).ContainsAnyExcept((byte)0))
            {
                Erase(slot);
                hasOrphans = true;
            }
        }

        if (hasOrphans)
        {
            Flush();
        }
    }
}
