using System.Text.Json.Serialization;

namespace Dske.Protocol.Psrd;

/// <summary>
/// How far one end of a link is with a block. The end that allocates states its next byte; the end that takes states the byte after the
/// last one it has seen used, or where its memory of the block begins. Neither ever falls.
/// </summary>
/// <param name="BlockId">The block.</param>
/// <param name="Position">A position within the block, in bytes: 0 to its size. What a peer sent may hold any number until a pool has checked it.</param>
public readonly record struct BlockPosition(
    [property: JsonPropertyName("block_uuid")] Guid BlockId,
    [property: JsonPropertyName("position")] long Position);
