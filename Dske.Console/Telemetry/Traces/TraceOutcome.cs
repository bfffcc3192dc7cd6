namespace Dske.Console.Telemetry.Traces;

/// <summary>What became of what a trace shows.</summary>
public enum TraceOutcome
{
    /// <summary>It went well.</summary>
    Ok,

    /// <summary>It went well as a whole, though a part of it failed: a hub that is down, for instance.</summary>
    Degraded,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>The first span is not here: it has not ended yet, or it is lost.</summary>
    Incomplete,
}
