using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Services;

/// <summary>Reads which configuration keys the problems of options name.</summary>
internal static partial class OptionsProblems
{
    /// <summary>The key that each problem names first, in alphabetical order.</summary>
    public static IEnumerable<string> KeysOf(ValidateOptionsResult result)
    {
        Assert.True(result.Failed);
        return result.Failures.Select(failure => Key().Match(failure).Value).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"Dske(:\w+)+")]
    private static partial Regex Key();
}
