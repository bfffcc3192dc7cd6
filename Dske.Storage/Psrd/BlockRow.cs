using Dske.Protocol.Psrd;

namespace Dske.Storage.Psrd;

/// <summary>A block as the ledger has it.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Id">The block's UUID.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="Floor">All bytes below were leased.</param>
/// <param name="Erased">All bytes below are known to be erased; at most <paramref name="Floor"/>.</param>
/// <param name="IsConfirmed">Whether both ends are known to have it.</param>
/// <param name="AddedAt">When it was added, in whole milliseconds.</param>
internal sealed record BlockRow(PsrdPoolKey Pool, Guid Id, long Size, long Floor, long Erased, bool IsConfirmed, DateTimeOffset AddedAt);
