namespace Dske.Protocol.Secrets;

/// <summary>
/// Hexadecimal digits (RFC 4648 section 8, in lower case) of secrets as UTF-8 text, never by way of a <see cref="string"/>. No digit of a secret
/// decides a branch or is the index of a table.
/// </summary>
public static class SecretHex
{
    /// <summary>Writes two digits for each byte, the upper half first.</summary>
    /// <param name="source">The bytes; zeroing them stays the caller's duty.</param>
    /// <param name="destination">Where the text goes, at least twice as long; zeroing it is the caller's duty. It does not overlap the source.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static void Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length / 2 < source.Length)
        {
            throw new ArgumentException($"{source.Length} bytes take two digits each; there is room for {destination.Length}.", nameof(destination));
        }

        for (var i = 0; i < source.Length; i++)
        {
            destination[2 * i] = Digit(source[i] >> 4);
            destination[(2 * i) + 1] = Digit(source[i] & 0x0F);
        }
    }

    /// <summary>Appends two digits for each byte.</summary>
    /// <param name="source">The bytes; zeroing them stays the caller's duty.</param>
    /// <param name="destination">What the text is appended to; it stays the caller's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is null.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="destination"/> was disposed.</exception>
    /// <exception cref="InvalidOperationException">It would exceed <see cref="Array.MaxLength"/> bytes.</exception>
    /// <exception cref="OverflowException">The text would have more than <see cref="int.MaxValue"/> digits.</exception>
    public static void Append(ReadOnlySpan<byte> source, SecretBufferWriter destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var length = checked(2 * source.Length);
        Encode(source, destination.GetSpan(length));
        destination.Advance(length);
    }

    // '0' and as many more; where 9 minus the value is negative, its sign adds the gap between '9' and 'a'.
    private static byte Digit(int value) => (byte)('0' + value + (((9 - value) >> 31) & ('a' - '9' - 1)));
}
