namespace Dske.Console.Telemetry;

/// <summary>
/// How much telemetry is kept. The stores together stay well under what the console may take, whatever is sent; a span of a node takes about
/// 1 KiB, so that the traces of some 10 s at 5,000 spans a second are there.
/// </summary>
internal sealed record TelemetryLimits
{
    /// <summary>The most attributes of a span, an event, a log record or a series; more are left off, of a series refused.</summary>
    public const int MaxAttributes = 32;

    /// <summary>The most events of a span; more are left off.</summary>
    public const int MaxEvents = 16;

    /// <summary>The most characters of a name; longer ones are cut.</summary>
    public const int MaxNameLength = 128;

    /// <summary>The most characters of a value or a message; longer ones are cut.</summary>
    public const int MaxTextLength = 2048;

    /// <summary>The most buckets of a histogram; data points with more are refused.</summary>
    public const int MaxBuckets = 64;

    /// <summary>The most spans of all traces.</summary>
    public int MaxSpans { get; init; } = 80_000;

    /// <summary>The most spans of one trace.</summary>
    public int MaxSpansPerTrace { get; init; } = 4_000;

    /// <summary>The most bytes of all traces, by estimate.</summary>
    public long MaxTraceBytes { get; init; } = 72 * 1024 * 1024;

    /// <summary>The most bytes of one trace, by estimate.</summary>
    public long MaxBytesPerTrace { get; init; } = 6 * 1024 * 1024;

    /// <summary>The most log records.</summary>
    public int MaxLogRecords { get; init; } = 20_000;

    /// <summary>The most bytes of log records, by estimate.</summary>
    public long MaxLogBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary>The most series of numbers.</summary>
    public int MaxSeries { get; init; } = 20_000;

    /// <summary>The most bytes of series, by estimate.</summary>
    public long MaxSeriesBytes { get; init; } = 48 * 1024 * 1024;
}
