using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Dske.Benchmarks.CommandLine;

/// <summary>Reads the number that an option takes.</summary>
internal static class NumberWithin
{
    /// <summary>Makes a reader for numbers within limits: of anything else it says what would do.</summary>
    /// <typeparam name="T">The kind of number.</typeparam>
    /// <param name="least">The least that will do.</param>
    /// <param name="most">The most that will do.</param>
    public static Func<ArgumentResult, T> Of<T>(T least, T most)
        where T : struct, INumber<T> =>
        result =>
        {
            var text = result.Tokens[0].Value;
            var isWithin = T.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most;
            if (!isWithin)
            {
                result.AddError(FormattableString.Invariant($"{((OptionResult)result.Parent!).Option.Name} is a number from {least} to {most} without a unit, not '{text}'."));
            }

            return value;
        };
}
