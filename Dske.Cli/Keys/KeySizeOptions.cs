using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Dske.Protocol;

namespace Dske.Cli.Keys;

/// <summary><c>--size BITS</c> and <c>--number N</c>.</summary>
internal sealed class KeySizeOptions
{
    private const int MaxNumber = 128;

    /// <summary><c>--size</c>.</summary>
    public Option<int> Size { get; } = new("--size")
    {
        Description = $"The size of each key: a multiple of 8 from {KeySizes.MinBytes * 8} to {KeySizes.MaxBytes * 8}; what a KME serves is its own choice.",
        HelpName = "BITS",
        DefaultValueFactory = _ => KeySizes.DefaultBytes * 8,
        CustomParser = ParseSize,
    };

    /// <summary><c>--number</c>.</summary>
    public Option<int> Number { get; } = new("--number")
    {
        Description = $"How many keys, 1 to {MaxNumber}.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = ParseNumber,
    };

    /// <summary>Adds both to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(Size);
        command.Options.Add(Number);
    }

    private static int ParseSize(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            result.AddError($"'{text}' is no size of a key: a whole number of bits without a unit, such as 256.");
        }
        else if (bits % 8 != 0 || bits is < KeySizes.MinBytes * 8 or > KeySizes.MaxBytes * 8)
        {
            result.AddError($"--size is a multiple of 8 from {KeySizes.MinBytes * 8} to {KeySizes.MaxBytes * 8} bits, not {text}.");
        }

        return bits;
    }

    private static int ParseNumber(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MaxNumber)
        {
            result.AddError($"--number is from 1 to {MaxNumber}, not '{text}'.");
        }

        return number;
    }
}
