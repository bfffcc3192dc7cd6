using Dske.Protocol.Psrd;

namespace Dske.Protocol.Persistence;

/// <summary>A block that a couriered file carries.</summary>
/// <param name="Owner">Which end allocates from it.</param>
/// <param name="Id">Its UUID.</param>
/// <param name="Size">Its size, in bytes.</param>
public sealed record CourieredBlock(PoolOwner Owner, Guid Id, long Size);
