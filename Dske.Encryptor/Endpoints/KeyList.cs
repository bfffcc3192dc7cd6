using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>The keys that an encryptor holds, without the keys.</summary>
internal sealed record KeyList
{
    [JsonPropertyName("keys")]
    [Description("The latest keys, at most 1000, the latest first.")]
    public required IReadOnlyList<KeyListEntry> Keys { get; init; }
}
