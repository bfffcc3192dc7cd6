using System.Text.Json;

namespace Dske.Cli.Status;

/// <summary>The keys that an encryptor lists: here they are counted.</summary>
/// <param name="Keys">An element for each.</param>
internal sealed record EncryptorKeys(IReadOnlyList<JsonElement> Keys);
