using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dske.ServiceDefaults;

/// <summary>What a node type decides about its defaults in code, in contrast to what an operator configures.</summary>
public sealed class ServiceDefaultsOptions
{
    /// <summary>The greatest request body that a route accepts unless it raises the limit itself, in bytes: 64 KiB.</summary>
    public const int DefaultMaxRequestBodyBytes = 64 * 1024;

    /// <summary>The title of the API document and page, for instance <c>Encryptor sam</c>. Default: the application's name.</summary>
    public string? Title { get; set; }

    /// <summary>What the API document and page say about the node, in Markdown. Default: nothing.</summary>
    public string? Description { get; set; }

    /// <summary>
    /// The share of traces to keep among those that begin at this node, 0 to 1, where the setting <c>Dske:Tracing:RootRatio</c> is
    /// absent. Default: 1. Traces begun elsewhere are kept or not as their beginner decided.
    /// </summary>
    public double DefaultRootRatio { get; set; } = 1;

    /// <summary>
    /// The greatest request body in bytes. Default: <see cref="DefaultMaxRequestBodyBytes"/>. One route can raise it with
    /// <see cref="Routing.RequestBodyConventions.MaxRequestBody{TBuilder}"/>.
    /// </summary>
    public long MaxRequestBodyBytes { get; set; } = DefaultMaxRequestBodyBytes;

    /// <summary>Whether there is an API to describe at <c>/openapi/v1.json</c> and <c>/scalar</c>. Default: true.</summary>
    public bool HasApiPages { get; set; } = true;

    /// <summary>
    /// Whether requests in either direction get spans. Default: true. False for what only looks on: its questions are no part of what the nodes do.
    /// </summary>
    public bool TracesRequests { get; set; } = true;

    /// <summary>Sets up each address that the node listens on, before it does. What it throws keeps the node from starting. Default: nothing.</summary>
    public Action<ListenOptions>? ConfigureListener { get; set; }
}
