using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Persistence;

/// <summary>A file that a hub made for a courier, as long as the client has not shown that it has it.</summary>
/// <param name="File">The file.</param>
/// <param name="Client">The client that it is for.</param>
/// <param name="Enrols">The link that begins with it; null for a file that refills a link.</param>
/// <param name="Instance">The client's instance that it is for; null for a file that enrols.</param>
/// <param name="Encryptors">The client's encryptors, in a file that enrols.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="IsComplete">Whether all of it was handed out: before that it is worth nothing to anybody.</param>
/// <param name="Blocks">The blocks, of which the hub holds its copies.</param>
public sealed record ExportRecord(
    Guid File,
    NodeName Client,
    Guid? Enrols,
    Guid? Instance,
    IReadOnlyList<SaeId> Encryptors,
    DateTimeOffset MadeAt,
    bool IsComplete,
    IReadOnlyList<CourieredBlock> Blocks);
