using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>The links of an encryptor.</summary>
internal sealed record LinkList
{
    [JsonPropertyName("links")]
    [Description("The links, by the peer's SAE ID.")]
    public required IReadOnlyList<LinkStatus> Links { get; init; }
}
