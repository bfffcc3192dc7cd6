namespace Dske.LocalHosting;

/// <summary>A URL that is shown with a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The URL.</summary>
    public required string Url { get; set; }

    /// <summary>What to show instead of the URL; null for the URL itself.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that the URL leads to.</summary>
    public EndpointReference? Endpoint { get; init; }
}
