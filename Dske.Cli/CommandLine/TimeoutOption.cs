using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dske.Cli.CommandLine;

/// <summary><c>--timeout SECONDS</c>.</summary>
internal static class TimeoutOption
{
    private const double MaxSeconds = 3600;

    /// <summary>Makes it.</summary>
    /// <param name="seconds">How long unless told otherwise, in seconds.</param>
    /// <param name="description">What it limits.</param>
    public static Option<double> Create(double seconds, string description)
        => new("--timeout") { Description = description, HelpName = "SECONDS", DefaultValueFactory = _ => seconds, CustomParser = Parse };

    /// <summary>The time that was typed.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="option">The option.</param>
    public static TimeSpan GetTimeout(this ParseResult parsed, Option<double> option) => TimeSpan.FromSeconds(parsed.GetValue(option));

    private static double Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds is not (> 0 and <= MaxSeconds))
        {
            result.AddError($"--timeout is a number of seconds without a unit, more than 0 and at most {MaxSeconds:0}, not '{text}'.");
        }

        return seconds;
    }
}
