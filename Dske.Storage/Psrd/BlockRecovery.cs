using Dske.Storage.Files;

namespace Dske.Storage.Psrd;

/// <summary>
/// What happens to blocks when storage is opened. First everything is looked at, and only when all is well anything is changed: an opening
/// that is refused loses nothing.
/// </summary>
internal static class BlockRecovery
{
    // So many zeros in a row are no random data.
    private const int NoRandomData = 16;

    private const string Remedy =
        "Put back the whole data directory as it was, or delete it to let the node begin with nothing: its peers then agree on new random data.";

    /// <summary>Checks and repairs the blocks.</summary>
    /// <returns>The blocks in the order in which they were added; those that were given up are still to be finished, which may take long.</returns>
    /// <exception cref="StorageException">A block's file is missing, has the wrong size, or was erased beyond its floor.</exception>
    public static IReadOnlyList<StoredBlock> Run(IStorageFiles files, IBlockLedger ledger)
    {
        var rows = ledger.Load();
        foreach (var row in rows)
        {
            Check(files, row);
        }

        // Files of blocks that were being added when the node stopped.
        var known = rows.Select(row => BlockFileName.Of(row.Pool, row.Id)).ToHashSet();
        foreach (var stray in files.List().Where(name => BlockFileName.IsOurs(name) && !known.Contains(name)))
        {
            Erasure.EraseAndDelete(files, stray);
        }

        var blocks = new List<StoredBlock>();
        foreach (var row in rows)
        {
            var block = new StoredBlock(files, ledger, row);
            if (row.Floor == row.Size)
            {
                block.GiveUp();
            }
            else
            {
                block.EraseBelowFloor();
            }

            blocks.Add(block);
        }

        return blocks;
    }

    private static void Check(IStorageFiles files, BlockRow row)
    {
        var name = BlockFileName.Of(row.Pool, row.Id);
        var length = files.LengthOf(name);
        if (length is null)
        {
            // A used-up block whose file is gone: only its last entry in the books is missing.
            if (row.Floor < row.Size)
            {
                throw new StorageException(files.PathOf(name), "The file of a block is missing.", Remedy);
            }

            return;
        }

        if (length != row.Size)
        {
            throw new StorageException(files.PathOf(name), $"The file of a block has {length} bytes instead of {row.Size}.", Remedy);
        }

        if (row.Size - row.Floor >= NoRandomData)
        {
            Span<byte> next = stackalloc byte[NoRandomData];
            using (var file = files.Open(name))
            {
                file.Read(row.Floor, next);
            }

            var isErased = !next.ContainsAnyExcept((byte)0);
            next.Clear();
            if (isErased)
            {
                throw new StorageException(
                    files.PathOf(name), "The block was used further than the books say: they are older than the file.", Remedy);
            }
        }
    }
}
