using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Persistence;

/// <summary>A couriered file that a client has read, so that it is read once.</summary>
/// <param name="File">The file.</param>
/// <param name="Hub">The hub that made it.</param>
/// <param name="ImportedAt">When.</param>
/// <param name="IsComplete">Whether it counts: before that nothing of it is used, and it may be read again.</param>
/// <param name="Blocks">Its blocks.</param>
public sealed record ImportRecord(Guid File, NodeName Hub, DateTimeOffset ImportedAt, bool IsComplete, IReadOnlyList<CourieredBlock> Blocks);
