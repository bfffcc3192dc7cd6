using Dske.Protocol.Psrd;

namespace Dske.Storage.Psrd;

/// <summary>
/// The books of the blocks: what there is, how far each was leased, what there was once. Every change is durable when the method returns; one
/// that throws a <see cref="StorageException"/> may have happened or not.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IBlockLedger
{
    /// <summary>The blocks that are not finished, in the order in which they were added.</summary>
    IReadOnlyList<BlockRow> Load();

    /// <summary>Whether the pool has the block, or had it once.</summary>
    bool Knows(PsrdPoolKey pool, Guid id);

    /// <summary>Enters a block whose bytes are durable.</summary>
    void Add(BlockRow block);

    /// <summary>Strikes out a block that could not be added.</summary>
    void Forget(PsrdPoolKey pool, Guid id);

    /// <summary>Raises a block's floor and its mark of erasure. Neither ever falls.</summary>
    void Raise(PsrdPoolKey pool, Guid id, long floor, long erased);

    /// <summary>Notes that both ends have a block.</summary>
    void Confirm(PsrdPoolKey pool, Guid id);

    /// <summary>Notes that a block's bytes are gone. Its UUID stays known.</summary>
    void Finish(PsrdPoolKey pool, Guid id);
}
