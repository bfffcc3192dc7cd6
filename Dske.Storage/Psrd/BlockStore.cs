using System.Collections.Concurrent;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Storage.Files;

namespace Dske.Storage.Psrd;

/// <summary>PSRD on disk: one file per block for the bytes, a ledger for the books. Safe for concurrent use by different pools.</summary>
internal sealed partial class BlockStore : IPsrdStore, IDisposable
{
    private const int PieceSize = 64 * 1024;

    private readonly ConcurrentDictionary<PsrdPoolKey, List<StoredBlock>> _pools = new();
    private readonly IStorageFiles _files;
    private readonly IBlockLedger _ledger;
    private readonly TimeProvider _time;

    /// <summary>Opens what is stored: finishes what a stop interrupted, but for what takes long, and erases again whatever lies below a floor.</summary>
    /// <param name="files">The directory of the blocks.</param>
    /// <param name="ledger">The books.</param>
    /// <param name="time">Says when blocks are added.</param>
    /// <param name="erasedAtOnce">How much of a removed block is erased at once, in bytes.</param>
    /// <exception cref="StorageException">A block's file is missing or has the wrong size, or storage failed.</exception>
    public BlockStore(IStorageFiles files, IBlockLedger ledger, TimeProvider time, int erasedAtOnce = ErasedAtOnce)
    {
        _erasedAtOnce = erasedAtOnce;
        _files = files;
        _ledger = ledger;
        _time = time;
        foreach (var block in BlockRecovery.Run(files, ledger))
        {
            if (block.IsGone)
            {
                FinishOrLeave(block);
            }
            else
            {
                PoolOf(block.Pool).Add(block);
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool)
    {
        var blocks = PoolOf(pool);
        lock (blocks)
        {
            return [.. blocks.Where(block => !block.IsGone && block.Floor < block.Size)];
        }
    }

    /// <inheritdoc />
    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed = true)
    {
        if (data.IsEmpty)
        {
            throw new ArgumentException("A block has at least one byte.", nameof(data));
        }

        ThrowIfKnown(pool, id);
        using var draft = new BlockDraft(_files, pool, id);
        draft.Append(data);
        return Publish(draft, pool, id, data.Length, confirmed);
    }

    /// <inheritdoc />
    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, long size, PsrdFill fill, bool confirmed = true)
    {
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ThrowIfKnown(pool, id);
        using var draft = new BlockDraft(_files, pool, id);
        using var piece = new SecretBytes((int)Math.Min(PieceSize, size));
        for (long offset = 0; offset < size; offset += PieceSize)
        {
            var bytes = piece.Span[..(int)Math.Min(PieceSize, size - offset)];
            fill(offset, bytes);
            draft.Append(bytes);
        }

        return Publish(draft, pool, id, size, confirmed);
    }

    /// <inheritdoc />
    public bool Knows(PsrdPoolKey pool, Guid id) => _ledger.Knows(pool, id);

    /// <inheritdoc />
    public void Withdraw(PsrdPoolKey pool, Guid id)
    {
        var blocks = PoolOf(pool);
        StoredBlock? block;
        lock (blocks)
        {
            block = blocks.Find(candidate => candidate.Id == id);
            if (block is null)
            {
                return;
            }

            if (block.IsConfirmed || block.Floor > 0)
            {
                throw new InvalidOperationException($"Block {id} is in use.");
            }

            block.Dispose();
        }

        // Out of the books first: a stop in between leaves a file that nobody knows of, which the next start erases.
        _ledger.Forget(pool, id);
        Erasure.EraseAndDelete(_files, BlockFileName.Of(pool, id));
        lock (blocks)
        {
            blocks.Remove(block);
        }
    }

    /// <inheritdoc />
    public void Remove(PsrdPoolKey pool, Guid id)
    {
        var blocks = PoolOf(pool);
        StoredBlock? block;
        lock (blocks)
        {
            block = blocks.Find(candidate => candidate.Id == id);
        }

        if (block is not null)
        {
            // It stays listed when this fails, so that it can be tried again. Pools look at it no more: it hands nothing out.
            block.GiveUp();
            FinishOrLeave(block);
            lock (blocks)
            {
                blocks.Remove(block);
            }
        }
    }

    /// <summary>Closes all files. The blocks stay; those that are held hand nothing out any more.</summary>
    public void Dispose()
    {
        StopErasing();
        foreach (var blocks in _pools.Values)
        {
            lock (blocks)
            {
                blocks.ForEach(block => block.Dispose());
                blocks.Clear();
            }
        }
    }

    private List<StoredBlock> PoolOf(PsrdPoolKey pool) => _pools.GetOrAdd(pool, static _ => []);

    private void ThrowIfKnown(PsrdPoolKey pool, Guid id)
    {
        if (_ledger.Knows(pool, id))
        {
            throw new ArgumentException($"The pool holds block {id}, or held it once.", nameof(id));
        }
    }

    /// <summary>
    /// File first, then books: a stop in between leaves a file that nobody knows of, which the next start erases.
    /// </summary>
    private StoredBlock Publish(BlockDraft draft, PsrdPoolKey pool, Guid id, long size, bool confirmed)
    {
        draft.Publish();
        var addedAt = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var row = new BlockRow(pool, id, size, Floor: 0, Erased: 0, confirmed, addedAt);
        try
        {
            _ledger.Add(row);
        }
        catch (StorageException)
        {
            Withdraw(row);
            throw;
        }

        var block = new StoredBlock(_files, _ledger, row);
        var blocks = PoolOf(pool);
        lock (blocks)
        {
            blocks.Add(block);
        }

        return block;
    }

    /// <summary>
    /// Takes back a block that may have got into the books or not. Only once it surely is not there may its bytes go: zeros under an entry would
    /// be handed out as pad. Without that certainty the file stays, and the next start finds either both or a file to erase.
    /// </summary>
    private void Withdraw(BlockRow row)
    {
        try
        {
            _ledger.Forget(row.Pool, row.Id);
            Erasure.EraseAndDelete(_files, BlockFileName.Of(row.Pool, row.Id));
        }
        catch (StorageException)
        {
            // What made the addition fail is already on its way to the caller.
        }
    }
}
