using System.Text.Json.Serialization;

namespace Dske.Console.Network;

/// <summary>The secure links of an encryptor, as it lists them.</summary>
/// <param name="Links">The links.</param>
internal sealed record SecureLinkList([property: JsonPropertyName("links")] IReadOnlyList<SecureLink>? Links);
