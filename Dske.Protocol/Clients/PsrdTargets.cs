namespace Dske.Protocol.Clients;

/// <summary>How much PSRD a client keeps in each pool of a link.</summary>
/// <param name="BlockSize">The size of the blocks it asks for, in bytes; at least 1.</param>
/// <param name="RefillBelow">It asks for more when a pool has fewer unused bytes than this.</param>
/// <param name="RefillTo">It asks until a pool has at least this many unused bytes.</param>
public sealed record PsrdTargets(int BlockSize = 262_144, long RefillBelow = 65_536, long RefillTo = 262_144);
