using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Enrolment;

/// <summary>
/// The key with which a hub's operator makes enrolment tokens and the hub checks them: 32 random bytes. Every hub has its own; that of
/// one is of no use at another.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class EnrolmentKey : IDisposable
{
    /// <summary>The size of a key in bytes.</summary>
    public const int Size = 32;

    /// <summary>The length of a key as text (<see cref="Format"/>).</summary>
    public const int TextLength = 2 * Size;

    private readonly SecretBytes _key;

    private EnrolmentKey(SecretBytes key) => _key = key;

    /// <summary>Draws a key, which the caller disposes.</summary>
    /// <param name="entropy">The source to draw <see cref="Size"/> bytes from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="entropy"/> is null.</exception>
    public static EnrolmentKey Draw(IEntropySource entropy) => new(entropy.NextSecret(Size));

    /// <summary>Reads a key from text: <see cref="TextLength"/> hexadecimal digits of either case.</summary>
    /// <param name="text">The text in ASCII; zeroing it stays the caller's duty.</param>
    /// <param name="key">The key, when the result is true; the caller disposes it.</param>
    /// <returns>False when the text is anything else.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out EnrolmentKey? key)
    {
        key = null;
        if (text.Length != TextLength)
        {
            return false;
        }

        var bytes = new SecretBytes(Size);
        if (Convert.FromHexString(text, bytes.Span, out _, out _) != OperationStatus.Done)
        {
            bytes.Dispose();
            return false;
        }

        key = new EnrolmentKey(bytes);
        return true;
    }

    /// <summary>Writes the key as <see cref="TextLength"/> hexadecimal digits in ASCII, which the caller disposes.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public SecretBytes Format()
    {
        var text = new SecretBytes(TextLength);
        Convert.TryToHexStringLower(_key.Span, text.Span, out _);
        return text;
    }

    /// <summary>Makes the token for a grant.</summary>
    /// <param name="grant">What the token is to allow.</param>
    /// <param name="token">The text in ASCII, when the result is true; the caller disposes it.</param>
    /// <returns>False when the token would be longer than <see cref="EnrolmentToken.MaxLength"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="grant"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public bool TryIssue(EnrolmentGrant grant, [NotNullWhen(true)] out SecretBytes? token)
    {
        ArgumentNullException.ThrowIfNull(grant);
        token = null;
        var signed = EnrolmentToken.FormatSigned(grant);
        var length = signed.Length + 1 + EnrolmentToken.MacTextLength;
        if (length > EnrolmentToken.MaxLength)
        {
            return false;
        }

        token = new SecretBytes(length);
        signed.CopyTo(token.Span);
        token.Span[signed.Length] = (byte)'.';
        EnrolmentToken.WriteMac(_key, signed, token.Span[(signed.Length + 1)..]);
        return true;
    }

    /// <summary>Checks a token that a caller shows. Takes as long for any MAC behind the same text.</summary>
    /// <param name="token">The text as it came.</param>
    /// <param name="hub">The hub that checks it.</param>
    /// <param name="grant">What it allows, when the result is true.</param>
    /// <returns>False when it is no token, was made with another key, or is meant for another hub.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public bool TryVerify(ReadOnlySpan<char> token, NodeName hub, [NotNullWhen(true)] out EnrolmentGrant? grant)
    {
        grant = null;
        if (token.Length > EnrolmentToken.MaxLength)
        {
            return false;
        }

        using var text = new SecretBytes(token.Length);
        if (Ascii.FromUtf16(token, text.Span, out _) != OperationStatus.Done || !EnrolmentToken.TrySplit(text.Span, out var signed, out var shown))
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[EnrolmentToken.MacTextLength];
        EnrolmentToken.WriteMac(_key, signed, mac);
        var genuine = CryptographicOperations.FixedTimeEquals(mac, shown);
        CryptographicOperations.ZeroMemory(mac);

        // Nothing is read from it before it proved genuine.
        if (!genuine || !EnrolmentToken.TryReadSigned(signed, out var read) || read.Hub != hub)
        {
            return false;
        }

        grant = read;
        return true;
    }

    /// <summary>Zeroes the key. Harmless when repeated.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>Says what it is, never the key.</summary>
    public override string ToString() => nameof(EnrolmentKey);
}
