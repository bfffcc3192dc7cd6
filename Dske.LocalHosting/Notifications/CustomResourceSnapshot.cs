using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.LocalHosting;

/// <summary>How a resource is, at one moment. Immutable.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>The kind of resource, for instance <c>Project</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Properties by name. A project has <c>executable.pid</c> (its process ID, an <see cref="int"/>) once it runs.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>The state; null before the application starts.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>How the process ended; null while it runs. A process that signal n killed has 128 + n.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether the resource is healthy. Null unless it runs; a running resource without a health check is healthy.</summary>
    public HealthStatus? HealthStatus => State?.Text == KnownResourceStates.Running ? LastHealth : null;

    /// <summary>The URLs of the resource.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    internal HealthStatus LastHealth { get; init; }
}
