namespace Dske.Console.Telemetry.Traces;

/// <summary>How a span ended, by its node's word.</summary>
public enum SpanStatus
{
    /// <summary>Nothing was said: as a rule it went well.</summary>
    Unset,

    /// <summary>It went well.</summary>
    Ok,

    /// <summary>It failed.</summary>
    Error,
}
