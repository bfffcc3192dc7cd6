using System.Text.Json.Serialization;

namespace Dske.Encryptor.Links;

/// <summary>What is kept over a restart: which links and tunnels there are to be. Nothing of it is secret.</summary>
/// <param name="Links">The links that were asked for here.</param>
/// <param name="Tunnels">The tunnels.</param>
internal sealed record StoredLinks(
    [property: JsonPropertyName("links")] IReadOnlyList<StoredLink> Links,
    [property: JsonPropertyName("tunnels")] IReadOnlyList<StoredTunnel> Tunnels);
