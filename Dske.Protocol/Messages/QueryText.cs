using System.Text;

namespace Dske.Protocol.Messages;

/// <summary>How values stand in the queries of this protocol.</summary>
internal static class QueryText
{
    /// <summary>Takes a parameter's value; false when it was there before.</summary>
    public static bool TrySet(ref string? field, string value)
    {
        if (field is not null)
        {
            return false;
        }

        field = value;
        return true;
    }

    /// <summary>Percent-decoding ('+' is a blank, as forms have it); false for broken escapes and for bytes that are no UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out string value)
    {
        if (!text.ContainsAny('%', '+') && Ascii.IsValid(text))
        {
            value = text.ToString();
            return true;
        }

        value = string.Empty;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !byte.TryParse(text.Slice(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out bytes[length++]))
                {
                    return false;
                }

                i += 2;
            }
            else if (text[i] > 0x7F)
            {
                return false;
            }
            else
            {
                bytes[length++] = text[i] == '+' ? (byte)' ' : (byte)text[i];
            }
        }

        if (!System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length)))
        {
            return false;
        }

        value = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }
}
