using System.Diagnostics.CodeAnalysis;

namespace Dske.Protocol.Identifiers;

/// <summary>
/// The name of a hub or a client (KME): a DNS label in lower case, that is 1 to 63 of a-z, 0-9 and '-', neither first nor last a
/// '-'. It is a host name for service discovery and a path segment of every route.
/// </summary>
public readonly record struct NodeName
{
    /// <summary>The greatest length, in characters (RFC 1035 section 2.3.4).</summary>
    public const int MaxLength = 63;

    private readonly string? _value;

    private NodeName(string value) => _value = value;

    /// <summary>The name as text; empty for the default value, which names no node.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Whether this is the default value rather than a name.</summary>
    public bool IsEmpty => _value is null;

    /// <summary>Checks <paramref name="text"/> and wraps it.</summary>
    /// <param name="text">The text, for instance from a path or a message.</param>
    /// <param name="name">The name, when the result is true.</param>
    /// <returns>False when the text is no name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeName name)
    {
        name = default;
        if (text is null || text.Length is 0 or > MaxLength || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        name = new NodeName(text);
        return true;
    }

    /// <summary>Wraps a name that is known to be good.</summary>
    /// <param name="text">The name.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is no name.</exception>
    public static NodeName Parse(string? text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"A node name is a DNS label of 1 to {MaxLength} characters from a-z, 0-9 and '-'; this is none: '{text}'.");

    /// <inheritdoc />
    public override string ToString() => Value;
}
