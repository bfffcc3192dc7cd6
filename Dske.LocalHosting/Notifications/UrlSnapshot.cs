namespace Dske.LocalHosting;

/// <summary>A URL of a resource.</summary>
/// <param name="Name">The endpoint that it leads to.</param>
/// <param name="Url">The URL.</param>
public sealed record UrlSnapshot(string? Name, string Url);
