namespace Dske.Console.Telemetry.Metrics;

/// <summary>The time that numbers are kept for, in slots of a fixed length.</summary>
public static class MetricWindow
{
    /// <summary>How many slots there are, the one that is not over yet included.</summary>
    public const int Slots = 181;

    /// <summary>The length of a slot: 5 s.</summary>
    public static TimeSpan Resolution { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The time that can be looked at: the last 15 minutes.</summary>
    public static TimeSpan Length { get; } = (Slots - 1) * Resolution;

    internal static long SlotOf(DateTimeOffset time) => time.UtcTicks / Resolution.Ticks;

    internal static DateTimeOffset StartOf(long slot) => new(slot * Resolution.Ticks, TimeSpan.Zero);
}
