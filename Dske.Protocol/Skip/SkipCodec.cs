using System.Globalization;
using System.Text.Unicode;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Skip;

/// <summary>
/// The answers of SKIP that carry secrets (draft-cisco-skip-02), written by hand so that a key or a random string is never anything but UTF-8
/// text in a <see cref="SecretBufferWriter"/> and bytes in a <see cref="SecretBytes"/>.
/// </summary>
public static class SkipCodec
{
    /// <summary>The number of hexadecimal digits of a key ID: those of the UUID, without its hyphens.</summary>
    public const int KeyIdLength = 32;

    /// <summary>Writes a key, <c>{"keyId":"…","key":"…"}</c>: compact, digits in lower case.</summary>
    /// <param name="key">The key; it stays the caller's.</param>
    /// <param name="destination">What the text is appended to; zeroing it stays the caller's duty.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The key or the destination was disposed.</exception>
    public static void WriteKey(DeliveredKey key, SecretBufferWriter destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        Append("{\"keyId\":\""u8, destination);
        key.KeyId.TryFormat(destination.GetSpan(KeyIdLength), out var written, "N");
        destination.Advance(written);
        Append("\",\"key\":\""u8, destination);
        SecretHex.Append(key.Key.Span, destination);
        Append("\"}"u8, destination);
    }

    /// <summary>Writes a random string, <c>{"randomStr":"…","minentropy":…}</c>: compact, digits in lower case, its length in bits.</summary>
    /// <param name="random">The random bytes; they stay the caller's.</param>
    /// <param name="destination">What the text is appended to; zeroing it stays the caller's duty.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The bytes or the destination were disposed.</exception>
    public static void WriteEntropy(SecretBytes random, SecretBufferWriter destination)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(destination);
        Append("{\"randomStr\":\""u8, destination);
        SecretHex.Append(random.Span, destination);
        Append("\",\"minentropy\":"u8, destination);
        Span<byte> bits = stackalloc byte[11];
        Utf8.TryWrite(bits, CultureInfo.InvariantCulture, $"{random.Length * 8L}", out var written);
        Append(bits[..written], destination);
        Append("}"u8, destination);
    }

    private static void Append(ReadOnlySpan<byte> text, SecretBufferWriter destination)
    {
        text.CopyTo(destination.GetSpan(text.Length));
        destination.Advance(text.Length);
    }
}
