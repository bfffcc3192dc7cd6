using System.Text.Json.Serialization;

namespace Dske.Encryptor.Links;

/// <summary>A tunnel as it is kept over a restart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">What it is to be like, as it was asked for.</param>
internal sealed record StoredTunnel(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("settings")] Endpoints.TunnelRequest Settings);
