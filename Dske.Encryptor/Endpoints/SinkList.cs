using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>The key sinks of an encryptor.</summary>
internal sealed record SinkList
{
    [JsonPropertyName("sinks")]
    [Description("The key sinks, in the order of the configuration.")]
    public required IReadOnlyList<SinkListEntry> Sinks { get; init; }
}
