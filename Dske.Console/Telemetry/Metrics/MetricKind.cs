namespace Dske.Console.Telemetry.Metrics;

/// <summary>How the numbers of a series belong together.</summary>
internal enum MetricKind
{
    /// <summary>They only grow, until the node starts anew.</summary>
    Counter,

    /// <summary>Each stands for itself.</summary>
    Gauge,

    /// <summary>They count what fell between bounds.</summary>
    Histogram,
}
