using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Courier;

/// <summary>What opens a couriered file: a passphrase or the content of a key file. The holder disposes it.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class CourierSecret : IDisposable
{
    /// <summary>The fewest bytes of a passphrase.</summary>
    public const int MinPassphrase = 12;

    /// <summary>The fewest bytes of a key file, which have to be random.</summary>
    public const int MinKey = 32;

    /// <summary>The most bytes of either.</summary>
    public const int MaxLength = 1024;

    private readonly SecretBytes _bytes;

    private CourierSecret(CourierSecretKind kind, SecretBytes bytes) => (Kind, _bytes) = (kind, bytes);

    /// <summary>Which of the two it is.</summary>
    public CourierSecretKind Kind { get; }

    /// <summary>The bytes. Valid until <see cref="Dispose"/>; not to be kept.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    internal ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>The fewest bytes of a secret of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static int MinLength(CourierSecretKind kind) => kind == CourierSecretKind.Passphrase ? MinPassphrase : MinKey;

    /// <summary>Makes a secret that holds a copy.</summary>
    /// <param name="kind">What the bytes are.</param>
    /// <param name="bytes">A passphrase in UTF-8, or the content of a key file. Zeroing them stays the caller's duty.</param>
    /// <param name="secret">The secret, when the result is true.</param>
    /// <returns>False when there are too few bytes (<see cref="MinLength"/>) or more than <see cref="MaxLength"/>.</returns>
    public static bool TryCreate(CourierSecretKind kind, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CourierSecret? secret)
    {
        secret = bytes.Length >= MinLength(kind) && bytes.Length <= MaxLength ? new CourierSecret(kind, SecretBytes.CopyOf(bytes)) : null;
        return secret is not null;
    }

    /// <summary>Zeroes the secret. Harmless when repeated.</summary>
    public void Dispose() => _bytes.Dispose();

    /// <summary>Says what it is, never the secret.</summary>
    public override string ToString() => $"{nameof(CourierSecret)}({Kind})";
}
