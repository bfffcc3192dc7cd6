namespace Dske.LocalHosting;

/// <summary>
/// An endpoint as it was asked for; the orchestrator sets <see cref="AllocatedPort"/> before anything starts. One with a
/// <see cref="PortVariable"/> is told to the process by that variable instead of <c>ASPNETCORE_URLS</c>.
/// </summary>
internal sealed record EndpointAnnotation(string Name, string Scheme, int? Port, bool IsProxied, string? PortVariable = null) : IResourceAnnotation
{
    /// <summary>The one host that processes are told to listen on: nothing is reachable from another machine.</summary>
    public const string Host = "localhost";

    public int? AllocatedPort { get; set; }

    public string Url => $"{Scheme}://{Host}:{AllocatedPort}";
}
