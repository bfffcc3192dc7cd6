namespace Dske.Console.Metrics.Charts;

/// <summary>What the numbers of a chart are.</summary>
public enum ChartUnit
{
    /// <summary>How often a second.</summary>
    PerSecond,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Bytes a second.</summary>
    BytesPerSecond,
}
