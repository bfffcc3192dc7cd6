using System.Globalization;

namespace Dske.Console.Logs;

/// <summary>Log records as the page writes them.</summary>
public static class LogText
{
    /// <summary>The levels that a record can have, the least first.</summary>
    public static IReadOnlyList<LogLevel> Levels { get; } = [LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical];

    /// <summary>The time of day on the machine of the console, to the millisecond.</summary>
    /// <param name="time">The time.</param>
    public static string Of(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>A level in a word: warning.</summary>
    /// <param name="level">The level.</param>
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => "none",
    };

    /// <summary>Reads what <see cref="Of(LogLevel)"/> writes, of either case.</summary>
    /// <param name="word">The word; may be null.</param>
    /// <returns>The level; <see cref="LogLevel.Trace"/>, which leaves nothing out, for anything else.</returns>
    public static LogLevel LevelOf(string? word) => Levels.FirstOrDefault(level => string.Equals(Of(level), word, StringComparison.OrdinalIgnoreCase), LogLevel.Trace);
}
