using System.CommandLine;

namespace Dske.Cli.CommandLine;

/// <summary><c>--timeout SECONDS</c>.</summary>
internal static class TimeoutOption
{
    private const double MaxSeconds = 3600;

    /// <summary>Makes it.</summary>
    /// <param name="seconds">How long unless told otherwise, in seconds.</param>
    /// <param name="description">What it limits.</param>
    public static Option<double> Create(double seconds, string description)
    {
        var option = new Option<double>("--timeout") { Description = description, HelpName = "SECONDS", DefaultValueFactory = _ => seconds };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (> 0 and <= MaxSeconds))
            {
                result.AddError($"--timeout is a number of seconds, more than 0 and at most {MaxSeconds:0}.");
            }
        });
        return option;
    }

    /// <summary>The time that was typed.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="option">The option.</param>
    public static TimeSpan GetTimeout(this ParseResult parsed, Option<double> option) => TimeSpan.FromSeconds(parsed.GetValue(option));
}
