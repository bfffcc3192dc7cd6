namespace Dske.LocalHosting;

/// <summary>Refers to an endpoint of a resource; as a value it is the URL.</summary>
/// <param name="owner">The resource.</param>
/// <param name="endpointName">The name of the endpoint, for instance <c>http</c>; compared without regard to case.</param>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    /// <summary>The resource.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The name of the endpoint.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>Whether the resource has such an endpoint.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether the endpoint has a port yet.</summary>
    public bool IsAllocated => Find()?.AllocatedPort is not null;

    /// <summary>The URL, without a path.</summary>
    /// <exception cref="InvalidOperationException">There is no such endpoint, or it has no port yet.</exception>
    public string Url => Allocated().Url;

    /// <inheritdoc />
    string IManifestExpressionProvider.ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .SingleOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));

    private EndpointAnnotation Allocated() => Find() switch
    {
        null => throw new InvalidOperationException($"The resource '{Resource.Name}' has no endpoint '{EndpointName}'."),
        { AllocatedPort: null } => throw new InvalidOperationException(
            $"The endpoint '{EndpointName}' of '{Resource.Name}' has no port before the application starts."),
        var endpoint => endpoint,
    };
}
