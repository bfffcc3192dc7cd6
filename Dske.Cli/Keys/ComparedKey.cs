using System.Text.Json.Serialization;

namespace Dske.Cli.Keys;

/// <summary>A key that both ends got.</summary>
/// <param name="KeyId">Its ID.</param>
/// <param name="Size">Its size, in bits.</param>
/// <param name="Equal">Whether it is the same at both ends.</param>
internal sealed record ComparedKey([property: JsonPropertyName("key_ID")] Guid KeyId, int Size, bool Equal);
