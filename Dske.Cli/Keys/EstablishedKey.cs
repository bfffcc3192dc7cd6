using System.Text.Json.Serialization;

namespace Dske.Cli.Keys;

/// <summary>A key that two encryptors hold.</summary>
/// <param name="KeyId">Its ID.</param>
/// <param name="Size">Its size, in bits.</param>
/// <param name="Fingerprint">Eight hexadecimal digits, equal at both ends.</param>
/// <param name="Confirmed">Whether both proved it.</param>
internal sealed record EstablishedKey([property: JsonPropertyName("key_ID")] Guid KeyId, int Size, string Fingerprint, bool Confirmed);
