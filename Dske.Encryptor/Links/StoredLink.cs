using System.Text.Json.Serialization;

namespace Dske.Encryptor.Links;

/// <summary>A link as it is kept over a restart.</summary>
/// <param name="Peer">The peer's SAE ID.</param>
/// <param name="Settings">What it is to be like, as it was asked for.</param>
internal sealed record StoredLink(
    [property: JsonPropertyName("peer")] string Peer,
    [property: JsonPropertyName("settings")] Endpoints.LinkRequest Settings);
