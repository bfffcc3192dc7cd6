using System.Security.Cryptography;
using Dske.Protocol.Psrd;
using Dske.Storage.Files;

namespace Dske.Storage.Psrd;

/// <summary>A block on disk. Its file is opened when it is needed first.</summary>
internal sealed class StoredBlock(IStorageFiles files, IBlockLedger ledger, BlockRow row) : IPsrdBlock, IDisposable
{
    private const int ErasedBetweenLooks = 16 * 1024 * 1024;

    private IStorageFile? _file;

    /// <summary>Bytes below it are given up: the floor, or the size once the block is being removed.</summary>
    private long _givenUp = row.Floor;

    /// <summary>Bytes below it are erased. It lags behind only when an erasure failed.</summary>
    private long _erased = row.Erased;

    public PsrdPoolKey Pool => row.Pool;

    public Guid Id => row.Id;

    public long Size => row.Size;

    public long Floor { get; private set; } = row.Floor;

    public bool IsConfirmed { get; private set; } = row.IsConfirmed;

    public DateTimeOffset AddedAt => row.AddedAt;

    /// <summary>Whether it was removed, or its removal has begun, or storage was closed: it hands nothing out any more.</summary>
    public bool IsGone { get; private set; }

    private string FileName => BlockFileName.Of(row.Pool, row.Id);

    public void Peek(long start, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(IsGone, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(start, Floor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Size - destination.Length);
        File().Read(start, destination);
    }

    public void Lease(long newFloor, Span<byte> destination)
    {
        CheckFloor(newFloor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, newFloor - Floor);
        var from = Floor;
        Raise(newFloor);
        Floor = newFloor;
        try
        {
            File().Read(from, destination);
            EraseBelowFloor();
        }
        catch
        {
            // The floor has risen: nobody gets these bytes any more.
            CryptographicOperations.ZeroMemory(destination);
            throw;
        }
    }

    public void Skip(long newFloor)
    {
        CheckFloor(newFloor);
        Raise(newFloor);
        Floor = newFloor;
        EraseBelowFloor();
    }

    public void Confirm()
    {
        ObjectDisposedException.ThrowIf(IsGone, this);
        if (!IsConfirmed)
        {
            ledger.Confirm(row.Pool, row.Id);
            IsConfirmed = true;
        }
    }

    /// <summary>How many bytes are given up and not known to be erased.</summary>
    public long LeftToErase => _givenUp - _erased;

    /// <summary>Gives up all of the block, durably: it hands nothing out any more, after another start neither. Nothing of it is erased yet.</summary>
    public void GiveUp()
    {
        IsGone = true;
        if (_givenUp < Size)
        {
            Raise(Size);
        }
    }

    /// <summary>Erases a block that was given up, deletes its file and closes the books. Goes on where it failed before.</summary>
    /// <param name="isCalledOff">Asked between pieces: whether to leave the rest for later.</param>
    /// <returns>Whether it is finished; otherwise to be repeated.</returns>
    public bool TryFinish(Func<bool> isCalledOff)
    {
        if (files.LengthOf(FileName) is not null)
        {
            while (LeftToErase > 0)
            {
                if (isCalledOff())
                {
                    return false;
                }

                var end = Math.Min(_erased + ErasedBetweenLooks, _givenUp);
                Erasure.Erase(File(), _erased, end);
                _erased = end;
            }

            CloseFile();
            files.Delete(FileName);
        }

        ledger.Finish(row.Pool, row.Id);
        return true;
    }

    /// <summary>Erases what lies below the floor and is not known to be erased: at most what the last lease before a stop covered.</summary>
    public void EraseBelowFloor()
    {
        if (_erased < _givenUp)
        {
            Erasure.Erase(File(), _erased, _givenUp);
            _erased = _givenUp;
        }
    }

    public void Dispose()
    {
        IsGone = true;
        CloseFile();
    }

    private void CheckFloor(long newFloor)
    {
        ObjectDisposedException.ThrowIf(IsGone, this);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(newFloor, Floor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newFloor, Size);
    }

    /// <summary>
    /// Makes a higher floor durable, and in the same step that everything below the present one is erased: then an opening has no more to
    /// erase again than one lease.
    /// </summary>
    private void Raise(long newFloor)
    {
        EraseBelowFloor();
        ledger.Raise(row.Pool, row.Id, newFloor, _givenUp);
        _givenUp = newFloor;
    }

    private IStorageFile File() => _file ??= files.Open(FileName);

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }
}
