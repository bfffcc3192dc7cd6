using System.Numerics;

namespace Dske.Protocol.Psrd;

/// <summary>The cipher of shares: XOR with PSRD that is used for nothing else. Encrypting and decrypting are the same.</summary>
public static class OneTimePad
{
    /// <summary>XORs <paramref name="text"/> with <paramref name="pad"/>, in place.</summary>
    /// <param name="pad">The pad, as long as the text.</param>
    /// <param name="text">The text to encrypt or to decrypt.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply(ReadOnlySpan<byte> pad, Span<byte> text)
    {
        if (pad.Length != text.Length)
        {
            throw new ArgumentException($"The pad has {pad.Length} bytes, the text {text.Length}.", nameof(pad));
        }

        var i = 0;
        for (; i + Vector<byte>.Count <= text.Length; i += Vector<byte>.Count)
        {
            (new Vector<byte>(text[i..]) ^ new Vector<byte>(pad[i..])).CopyTo(text[i..]);
        }

        for (; i < text.Length; i++)
        {
            text[i] ^= pad[i];
        }
    }
}
