using System.Diagnostics.CodeAnalysis;

namespace Dske.Protocol.Identifiers;

/// <summary>
/// The identifier of an encryptor (secure application entity, ETSI GS QKD 014 clause 4): 1 to 255 characters, none of them a
/// control character or a lone surrogate, not blank throughout. Compared ordinally.
/// </summary>
public readonly record struct SaeId
{
    /// <summary>The greatest length, in UTF-16 code units.</summary>
    public const int MaxLength = 255;

    private readonly string? _value;

    private SaeId(string value) => _value = value;

    /// <summary>The identifier as text; empty for the default value, which names nobody.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Whether this is the default value rather than an identifier.</summary>
    public bool IsEmpty => _value is null;

    /// <summary>Checks <paramref name="text"/> and wraps it.</summary>
    /// <param name="text">The text, for instance from a path or a message.</param>
    /// <param name="id">The identifier, when the result is true.</param>
    /// <returns>False when the text is no identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out SaeId id)
    {
        id = default;
        if (text is null || text.Length is 0 or > MaxLength || string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0xFFFD || System.Text.Rune.IsControl(rune))
            {
                return false;
            }
        }

        id = new SaeId(text);
        return true;
    }

    /// <summary>Wraps an identifier that is known to be good.</summary>
    /// <param name="text">The identifier.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is no identifier.</exception>
    public static SaeId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"An SAE ID has 1 to {MaxLength} printable characters; this is none: '{text}'.");

    /// <inheritdoc />
    public override string ToString() => Value;
}
