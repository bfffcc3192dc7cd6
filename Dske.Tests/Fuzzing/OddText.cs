using System.Text;

namespace Dske.Tests.Fuzzing;

/// <summary>Bytes as text of any kind: where they are no UTF-8, each becomes half a surrogate pair, which no proper text has alone.</summary>
internal static class OddText
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                length = 1;
                text.Append((char)(0xD800 + bytes[0]));
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
