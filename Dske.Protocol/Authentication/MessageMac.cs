using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Dske.Protocol.Authentication;

/// <summary>
/// What a signature is computed over: HMAC-SHA256, keyed with 32 bytes of PSRD that are used for nothing else (guide, "Message
/// authentication"; in both dialects the query bytes come first and nothing stands between).
/// </summary>
public static class MessageMac
{
    /// <summary>The size of a signing key, in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>The size of a signature, in bytes.</summary>
    public const int Size = HMACSHA256.HashSizeInBytes;

    private const int StackLimit = 1024;

    // Any 32-bit number between two line feeds.
    private const int MaxStatusLength = 13;

    /// <summary>Signs a request or a plain answer: query bytes (as sent, without '?'), then body bytes.</summary>
    /// <param name="key">The signing key, <see cref="KeySize"/> bytes.</param>
    /// <param name="query">The raw query; empty for an answer.</param>
    /// <param name="body">The raw body; may be empty.</param>
    /// <param name="signature">Filled with <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">The key or <paramref name="signature"/> has another length.</exception>
    public static void Sign(ReadOnlySpan<byte> key, ReadOnlySpan<byte> query, ReadOnlySpan<byte> body, Span<byte> signature)
        => Compute(key, query, body, default, signature);

    /// <summary>
    /// Signs an answer bound to its request (design, "Bound answers"): body, LF, status in decimal, LF, the value of the request's
    /// <c>DSKE-Signature</c>. Neither the status nor the request that it answers can be exchanged.
    /// </summary>
    /// <param name="key">The signing key, <see cref="KeySize"/> bytes.</param>
    /// <param name="body">The raw body of the answer; may be empty.</param>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="requestSignature">The value of the request's header.</param>
    /// <param name="signature">Filled with <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="requestSignature"/> is null.</exception>
    /// <exception cref="ArgumentException">The key or <paramref name="signature"/> has another length.</exception>
    public static void SignBound(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, int status, string requestSignature, Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(requestSignature);
        var size = MaxStatusLength + Encoding.UTF8.GetByteCount(requestSignature);
        var trailer = size > StackLimit ? new byte[size] : stackalloc byte[size];
        if (!Utf8.TryWrite(trailer, CultureInfo.InvariantCulture, $"\n{status}\n{requestSignature}", out var length))
        {
            throw new UnreachableException("There is room for every status.");
        }

        Compute(key, default, body, trailer[..length], signature);
    }

    private static void Compute(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> signature)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"A signing key has {KeySize} bytes.", nameof(key));
        }

        if (signature.Length != Size)
        {
            throw new ArgumentException($"A signature has {Size} bytes.", nameof(signature));
        }

        if (first.IsEmpty && third.IsEmpty)
        {
            HMACSHA256.HashData(key, second, signature);
            return;
        }

        // One pass over one buffer: cheaper than an incremental hash, which allocates a native object for every message.
        var length = first.Length + second.Length + third.Length;
        var rented = length > StackLimit ? ArrayPool<byte>.Shared.Rent(length) : null;
        var buffer = rented is null ? stackalloc byte[length] : rented.AsSpan(0, length);
        first.CopyTo(buffer);
        second.CopyTo(buffer[first.Length..]);
        third.CopyTo(buffer[(first.Length + second.Length)..]);
        HMACSHA256.HashData(key, buffer, signature);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
