using System.Buffers;

namespace Dske.Protocol.Identifiers;

/// <summary>
/// Reads UUIDs as RFC 9562 section 4 writes them. (<see cref="Guid.TryParseExact(ReadOnlySpan{char}, ReadOnlySpan{char}, out Guid)"/>
/// also takes signs, <c>0x</c> and blanks in the place of digits, so that one UUID would have many spellings.)
/// </summary>
internal static class Uuid
{
    /// <summary>The number of characters.</summary>
    public const int Length = 36;

    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>Reads 32 hexadecimal digits of either case, with hyphens in their four places and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid uuid)
    {
        uuid = default;
        return text.Length == Length && !text.ContainsAnyExcept(Characters) && Guid.TryParseExact(text, "D", out uuid);
    }
}
