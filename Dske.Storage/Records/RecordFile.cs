using Dske.Protocol.Secrets;
using Dske.Storage.Files;
using Dske.Storage.Psrd;

namespace Dske.Storage.Records;

/// <summary>
/// A file of small records that come and go quickly, each written, changed and erased in place: one write and one flush make any number of them
/// durable, and what was erased is nowhere else. A database would keep copies of it, in its log for one, and take several writes for each.
/// </summary>
/// <remarks>One caller at a time writes. Reading is safe beside it: what is being written is a record or none.</remarks>
internal sealed class RecordFile : IDisposable
{
    private const int SlotsPerPiece = 128;

    // Longer ones are written by themselves: what rounds them up to whole slots costs more than a call of the system.
    private const int MostOfARun = 4 * RecordLayout.SlotSize;
    private static readonly byte[] Zeros = new byte[SlotsPerPiece * RecordLayout.SlotSize];

    private readonly IStorageFile _file;
    private readonly RecordSlots _slots = new();
    private readonly RecordTags _tags;
    private readonly WriteRun _run;
    private RecordHeader _header;

    private RecordFile(IStorageFile file, string path, RecordHeader header)
    {
        (_file, Path, _header) = (file, path, header);
        _tags = new RecordTags(header.Key);
        _run = new WriteRun(file);
    }

    /// <summary>A record that was found at opening. The content is zeroed after the call.</summary>
    public delegate void Found(int slot, RecordState state, ReadOnlySpan<byte> content);

    /// <summary>The full path, for messages.</summary>
    public string Path { get; }

    /// <summary>Makes an empty file, whole or not at all, in the place of one that may be there, which is erased.</summary>
    /// <exception cref="StorageException">Storage failed.</exception>
    public static void Create(IStorageFiles files, string name, Guid owner, IEntropySource entropy)
    {
        var draft = name + ".new";
        Erasure.EraseAndDelete(files, name);
        Erasure.EraseAndDelete(files, draft);
        using (var file = files.Create(draft))
        {
            file.Write(0, Zeros.AsSpan(0, RecordHeader.Size));
            file.Write(0, RecordHeader.Draw(owner, entropy).ToBytes());
            file.Flush();
        }

        files.Rename(draft, name);
        files.FlushNames();
    }

    /// <summary>Opens a file and reads all its records. What is none, since a stop or a failing disk left it half done, is erased.</summary>
    /// <param name="files">The node's directory.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="owner">The instance that it has to belong to.</param>
    /// <param name="found">Is given every record.</param>
    /// <exception cref="StorageException">The file is missing, damaged, cut off or somebody else's, or storage failed.</exception>
    public static RecordFile Open(IStorageFiles files, string name, Guid owner, Found found)
    {
        var path = files.PathOf(name);
        if (files.LengthOf(name) is not { } length)
        {
            throw Refuse(path, "The file is missing.");
        }

        var file = files.Open(name);
        try
        {
            using var header = new SecretBytes(RecordHeader.Size);
            if (length < header.Length)
            {
                throw Refuse(path, "The file was cut off.");
            }

            file.Read(0, header.Span);
            var read = RecordHeader.Read(header.Span) ?? throw Refuse(path, "The file is damaged, or written by a newer program.");
            if (read.Owner != owner)
            {
                throw Refuse(path, "The file does not belong to the databases beside it: two data directories were mixed.");
            }

            var opened = new RecordFile(file, path, read);
            opened.Scan(length, found);
            return opened;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes free slots for a record.</summary>
    /// <param name="contentLength">The length of its content, in bytes.</param>
    /// <returns>Where it begins.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The content is empty or longer than <see cref="RecordLayout.MaxContent"/>.</exception>
    public int Take(int contentLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contentLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentLength, RecordLayout.MaxContent);
        return _slots.Take(RecordLayout.CountSlots(contentLength));
    }

    /// <summary>Gives slots back whose record is durably erased.</summary>
    public void Release(int slot) => _slots.Release(slot);

    /// <summary>Writes a record. There, and durable, after <see cref="Flush"/>.</summary>
    public void Put(int slot, RecordState state, ReadOnlySpan<byte> content)
    {
        var length = RecordLayout.HeaderSize + content.Length;
        var room = _slots.Count(slot) * RecordLayout.SlotSize;
        Grow(slot + _slots.Count(slot));
        if (room <= MostOfARun)
        {
            // All of its slots, which are free and so full of zeros: then the next record follows on it.
            RecordLayout.Write(_tags, slot, state, content, _run.Add(OffsetOf(slot), room)[..length]);
            return;
        }

        using var record = new SecretBytes(length);
        RecordLayout.Write(_tags, slot, state, content, record.Span);
        _file.Write(OffsetOf(slot), record.Span);
    }

    /// <summary>Changes a record's state. Durable after <see cref="Flush"/>.</summary>
    public void Update(int slot, RecordState state)
    {
        if (slot >= _header.Slots)
        {
            // The record never got as far as the disk.
            return;
        }

        Span<byte> bytes = stackalloc byte[RecordLayout.StateSize];
        RecordLayout.WriteState(_tags, slot, state, bytes);
        var offset = OffsetOf(slot) + RecordLayout.StateOffset;
        if (_run.Find(offset, bytes.Length) is { IsEmpty: false } collected)
        {
            bytes.CopyTo(collected);
        }
        else
        {
            _file.Write(offset, bytes);
        }
    }

    /// <summary>Overwrites a record with zeros. Durable after <see cref="Flush"/>.</summary>
    public void Erase(int slot)
    {
        var count = Math.Min(_slots.Count(slot), _header.Slots - slot);
        var room = count * RecordLayout.SlotSize;
        if (room <= 0)
        {
            // The record never got as far as the disk.
            return;
        }

        if (_run.Find(OffsetOf(slot), room) is { IsEmpty: false } collected)
        {
            collected.Clear();
        }
        else if (room <= MostOfARun)
        {
            _run.Add(OffsetOf(slot), room);
        }
        else
        {
            Erase(slot, count);
        }
    }

    /// <summary>Makes what was written durable.</summary>
    public void Flush()
    {
        _run.Write();
        _file.Flush();
    }

    /// <summary>Forgets what was not written yet, after something went wrong.</summary>
    public void Forget() => _run.Forget();

    /// <summary>Reads a record.</summary>
    /// <returns>Its content, which the caller disposes; null when there is none.</returns>
    public SecretBytes? Read(int slot, out RecordState state)
    {
        state = default;
        if (slot >= _header.Slots)
        {
            return null;
        }

        using var record = ReadRecord(slot, _header.Slots);
        return record is not null && RecordLayout.TryRead(_tags, slot, record.Span, out state)
            ? SecretBytes.CopyOf(record.Span[RecordLayout.HeaderSize..])
            : null;
    }

    public void Dispose()
    {
        _file.Dispose();
        _run.Dispose();
        _tags.Dispose();
    }

    private static long OffsetOf(int slot) => RecordHeader.Size + ((long)slot * RecordLayout.SlotSize);

    private static StorageException Refuse(string path, string what) => new(
        path, what, "Put the data directory back as it was, or delete state.db to let the node forget what it holds: what waits in this file, and a hub's registrations, are lost then.");

    /// <summary>Zeros first, then the header that counts them in: what lies below its count is never missing.</summary>
    private void Grow(int end)
    {
        var slots = _header.Slots;
        if (end <= slots)
        {
            return;
        }

        for (; slots < end; slots += SlotsPerPiece)
        {
            _file.Write(OffsetOf(slots), Zeros);
        }

        _file.Flush();
        var header = _header with { Slots = slots };
        _file.Write(0, header.ToBytes());
        _file.Flush();
        _header = header;
    }

    private void Erase(int slot, int count)
    {
        for (var (offset, left) = (OffsetOf(slot), (long)count * RecordLayout.SlotSize); left > 0; offset += Zeros.Length, left -= Zeros.Length)
        {
            _file.Write(offset, Zeros.AsSpan(0, (int)Math.Min(left, Zeros.Length)));
        }
    }

    private void Scan(long length, Found found)
    {
        if (length < OffsetOf(_header.Slots))
        {
            throw Refuse(Path, "The file was cut off.");
        }

        // Behind the slots that count there may be some of a growth that was not finished: they were never used.
        using var piece = new SecretBytes(Zeros.Length);
        var hasRemains = false;
        var (begin, end) = (0, 0);
        for (var slot = 0; slot < _header.Slots;)
        {
            if (slot >= end)
            {
                (begin, end) = (slot, Math.Min(slot + SlotsPerPiece, _header.Slots));
                _file.Read(OffsetOf(begin), piece.Span[..((end - begin) * RecordLayout.SlotSize)]);
            }

            var bytes = piece.Span.Slice((slot - begin) * RecordLayout.SlotSize, RecordLayout.SlotSize);
            if (bytes.ContainsAnyExcept((byte)0))
            {
                using var record = ReadRecord(slot, _header.Slots);
                if (record is not null && RecordLayout.TryRead(_tags, slot, record.Span, out var state))
                {
                    var count = RecordLayout.CountSlots(record.Length - RecordLayout.HeaderSize);
                    _slots.Occupy(slot, count);
                    found(slot, state, record.Span[RecordLayout.HeaderSize..]);
                    slot += count;
                    continue;
                }

                Erase(slot, 1);
                hasRemains = true;
            }

            slot++;
        }

        _slots.Free(_header.Slots);
        if (hasRemains)
        {
            Flush();
        }
    }

    /// <summary>Reads as much as a record in a slot claims to have; null when it cannot be one.</summary>
    private SecretBytes? ReadRecord(int slot, int slots)
    {
        using var header = new SecretBytes(RecordLayout.HeaderSize);
        _file.Read(OffsetOf(slot), header.Span);
        var length = RecordLayout.ReadLength(header.Span);

        // The tag of the state comes first: a length that somebody put into a content is not believed.
        if (length == 0 || !RecordLayout.HasState(_tags, slot, header.Span) || slot + (long)RecordLayout.CountSlots(length) > slots)
        {
            return null;
        }

        var record = new SecretBytes(RecordLayout.HeaderSize + length);
        _file.Read(OffsetOf(slot), record.Span);
        return record;
    }
}
