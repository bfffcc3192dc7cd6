using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Dske.Protocol.Secrets;

/// <summary>
/// Secret bytes of a fixed length: a key, a share, a one-time pad. The memory is pinned, so that the garbage collector leaves
/// no copies behind, and zeroed on disposal. Nothing here prints the content.
/// </summary>
/// <remarks>
/// One owner at a time: not safe for concurrent disposal and use. The finalizer zeroes what an owner forgot, late but certainly.
/// Buffers are recycled through <see cref="SecretPool"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SecretBytes : IDisposable
{
    private byte[]? _buffer;

    /// <summary>Makes a secret of <paramref name="length"/> zero bytes for the caller to fill.</summary>
    /// <param name="length">The number of bytes, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public SecretBytes(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _buffer = SecretPool.Shared.Rent(length);
    }

    /// <summary>Zeroes the memory of a secret that nobody disposed.</summary>
    ~SecretBytes() => Release();

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>The secret itself. Valid until <see cref="Dispose"/>; do not keep it.</summary>
    /// <remarks>Serializers pass it by: only a <see cref="SecretBytesJsonConverter"/> named on a property writes a secret.</remarks>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    [JsonIgnore]
    public Span<byte> Span
    {
        get
        {
            var buffer = _buffer;
            ObjectDisposedException.ThrowIf(buffer is null, this);
            return buffer.AsSpan(0, Length);
        }
    }

    /// <summary>Makes a secret that holds a copy of <paramref name="source"/>. Zeroing the source stays the caller's duty.</summary>
    /// <param name="source">The bytes to copy.</param>
    /// <returns>A secret that the caller owns and disposes.</returns>
    public static SecretBytes CopyOf(ReadOnlySpan<byte> source)
    {
        var secret = new SecretBytes(source.Length);
        source.CopyTo(secret.Span);
        return secret;
    }

    /// <summary>Makes an independent copy, which the caller owns and disposes.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public SecretBytes Clone() => CopyOf(Span);

    /// <summary>Compares two secrets in a time that depends on their lengths only.</summary>
    /// <param name="other">The secret to compare with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">Either secret was disposed.</exception>
    public bool FixedTimeEquals(SecretBytes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(Span, other.Span);
    }

    /// <summary>Zeroes the bytes and gives the memory back. Harmless when repeated.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Says how long the secret is, never what it is.</summary>
    public override string ToString() => $"SecretBytes({Length})";

    private void Release()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            SecretPool.Shared.Return(buffer);
        }
    }
}
