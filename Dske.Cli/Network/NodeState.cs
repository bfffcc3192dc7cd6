namespace Dske.Cli.Network;

/// <summary>How a node is, as the AppHost tells it.</summary>
/// <param name="Name">The node.</param>
/// <param name="Kind">hub, client or encryptor.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="State">The state of its process, for instance Running or Finished.</param>
/// <param name="Health">Healthy or Unhealthy; null unless it runs.</param>
/// <param name="ExitCode">How its process ended; null while it runs.</param>
internal sealed record NodeState(string Name, string Kind, string? Url, string State, string? Health, int? ExitCode)
{
    /// <summary>Whether it has a process, be it one that starts.</summary>
    public bool Runs => State is "Running" or "Starting" or "Waiting";

    /// <summary>Whether it has ended and stays down until somebody starts it.</summary>
    public bool HasEnded => State is "Finished" or "Exited" or "FailedToStart";

    /// <summary>Whether it is ready.</summary>
    public bool IsHealthy => Health == "Healthy";

    /// <summary>How it is, in a word.</summary>
    public string Describe() => this switch
    {
        { Health: { } health } => health.ToLowerInvariant(),
        { ExitCode: { } code and not 0 } => $"ended ({code})",
        { HasEnded: true } => "stopped",
        _ => State.ToLowerInvariant(),
    };
}
