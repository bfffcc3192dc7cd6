namespace Dske.Console.Telemetry.Metrics;

/// <summary>The PSRD of one link and one owner.</summary>
public sealed record PsrdLevel
{
    /// <summary>The client at one end.</summary>
    public required string Client { get; init; }

    /// <summary>The hub at the other end.</summary>
    public required string Hub { get; init; }

    /// <summary>Who spends it: <c>client</c> or <c>hub</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>The bytes that are left, as they were reported last.</summary>
    public required long Bytes { get; init; }

    /// <summary>When that was: the begin of its slot.</summary>
    public required DateTimeOffset Reported { get; init; }

    /// <summary>Whether that is too long ago to rely on: the client is down, or does not report.</summary>
    public required bool IsStale { get; init; }

    /// <summary>The bytes spent a second, over the last minute.</summary>
    public required double ConsumptionPerSecond { get; init; }

    /// <summary>How long it lasts if it is spent as in the last minute and not filled up; null when nothing is spent.</summary>
    public TimeSpan? TimeLeft { get; init; }
}
