using System.Globalization;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Psrd;

/// <summary>
/// A run of bytes within one PSRD block: metadata only, never the bytes. Written <c>uuid:start:size</c> in the
/// <c>DSKE-Signature</c> header (guide, "Message authentication").
/// </summary>
/// <param name="BlockId">The block.</param>
/// <param name="Start">The first byte, counted from 0.</param>
/// <param name="Size">The number of bytes. A fragment that a peer sent may hold any number until a pool has checked it.</param>
public readonly record struct Fragment(Guid BlockId, long Start, long Size)
{
    /// <summary>The most characters that <see cref="TryParse"/> takes: a UUID, two numbers of 19 digits, two colons.</summary>
    public const int MaxEncodedLength = Uuid.Length + 1 + 19 + 1 + 19;

    /// <summary>
    /// Reads the one canonical spelling: lower-case UUID with hyphens, decimal numbers without sign, blanks or leading zeros,
    /// size at least 1. (The reference compares the text it got with its own spelling, so other spellings never worked on the wire.)
    /// </summary>
    /// <param name="text">The encoded fragment, nothing around it.</param>
    /// <param name="fragment">The fragment, when the result is true.</param>
    /// <returns>False when the text is anything else.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Fragment fragment)
    {
        fragment = default;
        if (text.Length < Uuid.Length + 4 || text[Uuid.Length] != ':' || text[..Uuid.Length].ContainsAnyInRange('A', 'F')
            || !Uuid.TryParse(text[..Uuid.Length], out var block))
        {
            return false;
        }

        var numbers = text[(Uuid.Length + 1)..];
        var colon = numbers.IndexOf(':');
        if (colon < 0 || !TryParseNumber(numbers[..colon], out var start) || !TryParseNumber(numbers[(colon + 1)..], out var size) || size == 0)
        {
            return false;
        }

        fragment = new Fragment(block, start, size);
        return true;
    }

    /// <summary>Writes the canonical spelling.</summary>
    /// <param name="destination">Where to write; <see cref="MaxEncodedLength"/> characters suffice unless a number is negative.</param>
    /// <param name="written">The number of characters written.</param>
    /// <returns>False when <paramref name="destination"/> is too short.</returns>
    public bool TryFormat(Span<char> destination, out int written)
        => destination.TryWrite(CultureInfo.InvariantCulture, $"{BlockId:D}:{Start}:{Size}", out written);

    /// <summary>The canonical spelling.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BlockId:D}:{Start}:{Size}");

    private static bool TryParseNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return text.Length is > 0 and <= 19
            && (text.Length == 1 || text[0] != '0')
            && !text.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
