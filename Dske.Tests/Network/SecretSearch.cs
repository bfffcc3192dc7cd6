using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace Dske.Tests.Network;

/// <summary>
/// Looks for secrets in text: any eight bytes in a row of any of them, in hexadecimal or in base64 of either alphabet, wherever in a longer
/// text and however it is aligned.
/// </summary>
internal sealed partial class SecretSearch
{
    private const int Window = sizeof(ulong);

    private readonly HashSet<ulong> _windows = [];

    /// <summary>How many pieces are looked for.</summary>
    public int Count => _windows.Count;

    public void Add(ReadOnlySpan<byte> secret)
    {
        for (var i = 0; i + Window <= secret.Length; i++)
        {
            // What a run of equal bytes looks like is no secret.
            var piece = BinaryPrimitives.ReadUInt64BigEndian(secret[i..]);
            if (piece != 0)
            {
                _windows.Add(piece);
            }
        }
    }

    /// <summary>Adds what makes an enrolment token one: its MAC. The rest says whom it is for.</summary>
    public void AddToken(string token) => Add(Convert.FromBase64String(token[(token.LastIndexOf('.') + 1)..].Replace('-', '+').Replace('_', '/') + "="));

    /// <summary>The parts of a text that give a secret away.</summary>
    public IEnumerable<string> Find(string text)
        => Hex().Matches(text).Where(match => IsIn(FromHex(match.Value))).Concat(Base64().Matches(text).Where(match => IsInBase64(match.Value))).Select(match => match.Value);

    [GeneratedRegex("[0-9A-Fa-f]{16,}")]
    private static partial Regex Hex();

    [GeneratedRegex("[0-9A-Za-z+/_-]{11,}")]
    private static partial Regex Base64();

    private static byte[] FromHex(string text) => Convert.FromHexString(text.Length % 2 == 0 ? text : text[..^1]);

    private bool IsInBase64(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/');
        for (var skipped = 0; skipped < 4 && plain.Length - skipped >= 4; skipped++)
        {
            var length = (plain.Length - skipped) / 4 * 4;
            if (IsIn(Convert.FromBase64String(plain.Substring(skipped, length))))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsIn(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i + Window <= bytes.Length; i++)
        {
            if (_windows.Contains(BinaryPrimitives.ReadUInt64BigEndian(bytes[i..])))
            {
                return true;
            }
        }

        return false;
    }
}
