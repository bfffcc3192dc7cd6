using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Entropy;

/// <summary>
/// Checks where randomness comes from when a node starts, and reports all problems together, each with its configuration key. Whether
/// the source can be read is not asked here: a node whose device is missing still does what needs no randomness.
/// </summary>
internal sealed class EntropyOptionsValidator : IValidateOptions<EntropyOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, EntropyOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        Require(
            options.Source is null || Path.IsPathFullyQualified(options.Source),
            nameof(options.Source), options.Source, "the absolute path of a device or file");
        Require(
            options.MinEntropyPerByte is >= 0.1 and <= 8,
            nameof(options.MinEntropyPerByte), FormattableString.Invariant($"{options.MinEntropyPerByte}"), "0.1 to 8 bits");
        Require(
            options.ReadTimeout >= TimeSpan.FromMilliseconds(100) && options.ReadTimeout <= TimeSpan.FromMinutes(1),
            nameof(options.ReadTimeout), options.ReadTimeout, $"{TimeSpan.FromMilliseconds(100)} to {TimeSpan.FromMinutes(1)}");
        return problems.Build();

        void Require(bool holds, string key, object? value, string wanted)
        {
            if (!holds)
            {
                problems.AddError($"{EntropyOptions.Section}:{key} has to be {wanted}; it is '{value}'.");
            }
        }
    }
}
