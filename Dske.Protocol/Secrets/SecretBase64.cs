using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Dske.Protocol.Secrets;

/// <summary>
/// Base64 (RFC 4648 section 4: standard alphabet, padded, no white space, no stray bits) between UTF-8 text and secrets, never by
/// way of a <see cref="string"/>.
/// </summary>
public static class SecretBase64
{
    /// <summary>Decodes text that came from a peer.</summary>
    /// <param name="text">The text in UTF-8; zeroing it stays the caller's duty. Empty text is an empty secret.</param>
    /// <param name="secret">The decoded bytes, when the result is true; the caller owns and disposes them.</param>
    /// <returns>False when the text is not base64 as described above.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out SecretBytes? secret)
    {
        secret = null;

        // Base64.DecodeFromUtf8 skips white space; a strict reader does not.
        if (text.Length % 4 != 0 || text.ContainsAny(" \t\r\n"u8))
        {
            return false;
        }

        var padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        var decoded = new SecretBytes((text.Length / 4 * 3) - padding);
        if (Base64.DecodeFromUtf8(text, decoded.Span, out var consumed, out var written) != OperationStatus.Done
            || consumed != text.Length
            || written != decoded.Length
            || HasStrayBits(text, padding))
        {
            decoded.Dispose();
            return false;
        }

        secret = decoded;
        return true;
    }

    /// <summary>Decodes the JSON string that a reader stands on, wherever its bytes lie and however they are escaped.</summary>
    /// <param name="reader">The reader, on a token of any type.</param>
    /// <param name="secret">The decoded bytes, when the result is true; the caller owns and disposes them.</param>
    /// <returns>False when the token is no string, or the string not base64 as described above.</returns>
    public static bool TryDecode(ref Utf8JsonReader reader, [NotNullWhen(true)] out SecretBytes? secret)
    {
        secret = null;
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        if (!reader.HasValueSequence && !reader.ValueIsEscaped)
        {
            return TryDecode(reader.ValueSpan, out secret);
        }

        using var text = new SecretBytes(reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length);
        try
        {
            return TryDecode(text.Span[..reader.CopyString(text.Span)], out secret);
        }
        catch (InvalidOperationException)
        {
            // An escape that stands for half a surrogate pair: text, but not valid text.
            return false;
        }
    }

    // The last character before the padding carries 4 or 2 bits that encode nothing; they are zero in the one canonical form.
    private static bool HasStrayBits(ReadOnlySpan<byte> text, int padding)
    {
        if (padding == 0)
        {
            return false;
        }

        var last = text[^(padding + 1)];
        return padding == 2 ? !"AQgw"u8.Contains(last) : !"AEIMQUYcgkosw048"u8.Contains(last);
    }
}
