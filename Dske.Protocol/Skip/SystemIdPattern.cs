using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Skip;

/// <summary>
/// A pattern of system IDs, as capabilities of SKIP may list them (draft-cisco-skip-02; globs of POSIX): <c>*</c> stands for any characters or
/// none, <c>?</c> for one, <c>[list]</c> for one of a list, <c>[!list]</c> for one that is not in it; in a list <c>a-f</c> is a range. All else is
/// what node names are made of, and stands for itself. System IDs are node names here (<see cref="NodeName"/>).
/// </summary>
/// <remarks>Immutable, and so safe for concurrent use.</remarks>
public sealed class SystemIdPattern
{
    /// <summary>The greatest length, in characters.</summary>
    public const int MaxLength = 255;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";
    private const ulong AnyOne = (1UL << 37) - 1;
    private const ulong AnyMany = 0;

    private readonly string _text;

    // For each place the characters that fit, as bits in the order of the alphabet.
    private readonly ulong[] _places;

    private SystemIdPattern(string text, ulong[] places) => (_text, _places) = (text, places);

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern, when the result is true.</param>
    /// <returns>False when the text is no pattern: it is empty or too long, has a character that no node name has, or a list that is not closed or fits nothing.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SystemIdPattern? pattern)
    {
        pattern = null;
        if (text is null || text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var places = new List<ulong>(text.Length);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var (first, length) = (rest[0], 1);
            var place = first switch { '*' => AnyMany, '?' => AnyOne, '[' => ReadList(rest, out length), _ => BitOf(first) };
            if (place == 0 && first != '*')
            {
                return false;
            }

            places.Add(place);
            rest = rest[length..];
        }

        pattern = new SystemIdPattern(text, [.. places]);
        return true;
    }

    /// <summary>Whether a system ID fits.</summary>
    /// <param name="name">The system ID.</param>
    public bool Matches(NodeName name)
    {
        var text = name.Value;
        var (place, at) = (0, 0);
        var (star, taken) = (-1, 0);
        while (at < text.Length)
        {
            if (place < _places.Length && _places[place] == AnyMany)
            {
                (star, taken) = (place++, at);
            }
            else if (place < _places.Length && (_places[place] & BitOf(text[at])) != 0)
            {
                (place, at) = (place + 1, at + 1);
            }
            else if (star >= 0)
            {
                // The last star takes one character more; what an earlier one would take leads no further.
                (place, at) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        return !_places.AsSpan(place).ContainsAnyExcept(AnyMany);
    }

    /// <summary>The pattern as it was written.</summary>
    public override string ToString() => _text;

    private static ulong BitOf(char c)
    {
        var index = Alphabet.IndexOf(c, StringComparison.Ordinal);
        return index < 0 ? 0 : 1UL << index;
    }

    /// <summary>Reads a list from its bracket on; 0 when it is none, or fits nothing.</summary>
    private static ulong ReadList(ReadOnlySpan<char> text, out int length)
    {
        length = text.IndexOf(']') + 1;
        if (length == 0)
        {
            return 0;
        }

        var list = text[1..(length - 1)];
        var isNegated = list is ['!', ..];
        list = isNegated ? list[1..] : list;
        var listed = 0UL;
        for (var i = 0; i < list.Length; i++)
        {
            var isRange = i + 2 < list.Length && list[i + 1] == '-';
            var added = isRange ? RangeOf(list[i], list[i + 2]) : BitOf(list[i]);
            if (added == 0)
            {
                return 0;
            }

            listed |= added;
            i += isRange ? 2 : 0;
        }

        return listed == 0 ? 0 : isNegated ? AnyOne & ~listed : listed;
    }

    /// <summary>All letters, or all digits, from one to another; 0 when there are none.</summary>
    private static ulong RangeOf(char from, char to)
        => from <= to && ((char.IsAsciiLetterLower(from) && char.IsAsciiLetterLower(to)) || (char.IsAsciiDigit(from) && char.IsAsciiDigit(to)))
            ? (BitOf(to) << 1) - BitOf(from)
            : 0;
}
