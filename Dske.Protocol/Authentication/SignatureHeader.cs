using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Authentication;

/// <summary>
/// The content of a <c>DSKE-Signature</c> header: which PSRD is the signing key, and the signature itself (guide, "Message
/// authentication"). Immutable; holds no secret.
/// </summary>
public sealed class SignatureHeader
{
    /// <summary>The name of the header.</summary>
    public const string Name = "DSKE-Signature";

    /// <summary>The longest header that is looked at, in characters: sixteen fragments, a separator and the signature.</summary>
    public const int MaxLength = (Allocation.MaxKeyFragments * (Fragment.MaxEncodedLength + 1)) + EncodedSignatureLength;

    private const int EncodedSignatureLength = 44;

    // Two fragments, where a window ends within the key, and seldom more.
    private const int UsualLength = (2 * (Fragment.MaxEncodedLength + 1)) + EncodedSignatureLength;

    private readonly byte[] _signature;

    /// <summary>Puts a header together.</summary>
    /// <param name="dialect">Decides the separator.</param>
    /// <param name="signingKey">Which PSRD is the signing key.</param>
    /// <param name="signature">The signature, <see cref="MessageMac.Size"/> bytes; copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="signingKey"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="signature"/> has another length.</exception>
    public SignatureHeader(Dialect dialect, Allocation signingKey, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(signingKey);
        if (signature.Length != MessageMac.Size)
        {
            throw new ArgumentException($"A signature has {MessageMac.Size} bytes.", nameof(signature));
        }

        Dialect = dialect;
        SigningKey = signingKey;
        _signature = signature.ToArray();
    }

    /// <summary>The dialect that the separator stands for.</summary>
    public Dialect Dialect { get; }

    /// <summary>Which PSRD is the signing key; untrusted until a pool has checked it.</summary>
    public Allocation SigningKey { get; }

    /// <summary>The signature, <see cref="MessageMac.Size"/> bytes.</summary>
    public ReadOnlySpan<byte> Signature => _signature;

    /// <summary>Reads a header: canonical fragments, one separator, 44 characters of padded base64.</summary>
    /// <param name="value">The header's value, or null when the message has none.</param>
    /// <param name="header">The content, when the result is true.</param>
    /// <returns>False when the value is anything else.</returns>
    public static bool TryParse(string? value, [NotNullWhen(true)] out SignatureHeader? header)
    {
        header = null;
        if (value is null || value.Length > MaxLength || value.Length <= EncodedSignatureLength)
        {
            return false;
        }

        var text = value.AsSpan();
        var split = text.Length - EncodedSignatureLength - 1;
        Span<byte> signature = stackalloc byte[MessageMac.Size];
        if (!TryParseSeparator(text[split], out var dialect)
            || !TryDecode(text[(split + 1)..], signature)
            || !Allocation.TryParse(text[..split], Allocation.MaxKeyFragments, out var signingKey))
        {
            return false;
        }

        header = new SignatureHeader(dialect, signingKey, signature);
        return true;
    }

    /// <summary>The header's value.</summary>
    public override string ToString()
    {
        // Into one buffer, without a string for each part.
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[UsualLength]);
        Span<char> part = stackalloc char[Fragment.MaxEncodedLength];
        for (var i = 0; i < SigningKey.Fragments.Length; i++)
        {
            var fragment = SigningKey.Fragments[i];
            text.AppendLiteral(i > 0 ? "," : string.Empty);
            text.AppendFormatted(fragment.TryFormat(part, out var length) ? part[..length] : fragment.ToString().AsSpan());
        }

        Span<char> signature = stackalloc char[EncodedSignatureLength];
        Convert.TryToBase64Chars(_signature, signature, out _);
        text.AppendLiteral(Dialect == Dialect.Guide ? ";" : "%");
        text.AppendFormatted(signature);
        return text.ToStringAndClear();
    }

    private static bool TryParseSeparator(char separator, out Dialect dialect)
    {
        dialect = separator == '%' ? Dialect.Reference : Dialect.Guide;
        return separator is ';' or '%';
    }

    /// <summary>Strict base64: no white space, and the unused bits of the last character are zero, so that each signature has one spelling.</summary>
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> signature)
    {
        Span<byte> utf8 = stackalloc byte[EncodedSignatureLength];
        Span<byte> canonical = stackalloc byte[EncodedSignatureLength];
        return Encoding.UTF8.TryGetBytes(text, utf8, out var length) && length == EncodedSignatureLength
            && Base64.DecodeFromUtf8(utf8, signature, out var consumed, out var written) == System.Buffers.OperationStatus.Done
            && consumed == EncodedSignatureLength && written == MessageMac.Size
            && Base64.EncodeToUtf8(signature, canonical, out _, out _) == System.Buffers.OperationStatus.Done
            && canonical.SequenceEqual(utf8);
    }
}
