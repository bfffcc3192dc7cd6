using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>The tunnels that begin at an encryptor.</summary>
internal sealed record TunnelList
{
    [JsonPropertyName("tunnels")]
    [Description("The tunnels, by name.")]
    public required IReadOnlyList<TunnelStatus> Tunnels { get; init; }
}
