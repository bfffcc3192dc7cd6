using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dske.Cli.Courier;

/// <summary><c>--size SIZE</c>: how many bytes, for each of the two owners.</summary>
internal static class SizeOption
{
    private const string Units = "B, KiB, MiB or GiB";

    /// <summary>Makes it.</summary>
    public static Option<long> Create() => new("--size")
    {
        Description = $"How much for each of the two owners, client and hub: a whole number with its unit ({Units}), such as 64MiB; at least 4KiB.",
        HelpName = "SIZE",
        Required = true,
        CustomParser = Parse,
    };

    private static long Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        long unit = digits < 0 ? 0 : text[digits..] switch { "B" => 1, "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => 0 };
        if (unit == 0
            || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1
            || number > (1L << 40) / unit)
        {
            result.AddError($"'{text}' is no size: a whole number with its unit ({Units}), such as 64MiB.");
            return 0;
        }

        if (number * unit < 4096)
        {
            result.AddError($"--size is at least 4KiB, not {text}.");
        }

        return number * unit;
    }
}
