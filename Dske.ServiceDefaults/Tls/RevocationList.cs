using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dske.ServiceDefaults.Tls;

/// <summary>
/// A revocation list (RFC 5280 section 5), whole: one of the changes since another list (delta), of certificates of other authorities (indirect),
/// or of some certificates only is refused, since it would be taken for more than it is. Immutable, hence safe for concurrent use.
/// </summary>
internal sealed class RevocationList
{
    private readonly byte[] _signed;
    private readonly byte[] _issuer;
    private readonly string _algorithm;
    private readonly byte[] _signature;
    private readonly HashSet<string> _serialNumbers = [];

    private RevocationList(byte[] encoded)
    {
        var outer = new AsnReader(encoded, AsnEncodingRules.DER);
        var list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        _signed = list.PeekEncodedValue().ToArray();
        var content = list.ReadSequence();
        _algorithm = ReadAlgorithm(list);
        _signature = list.ReadBitString(out var unusedBits);
        list.ThrowIfNotEmpty();

        // Version 2 has extensions; version 1 leaves the field out.
        if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Integer) && content.ReadInteger() != 1)
        {
            throw new AsnContentException("It is of an unknown version.");
        }

        if (ReadAlgorithm(content) != _algorithm || unusedBits != 0)
        {
            throw new AsnContentException("It says two things about how it is signed.");
        }

        _issuer = content.ReadEncodedValue().ToArray();
        From = ReadTime(content);
        if (!IsTime(content))
        {
            throw new AsnContentException("It does not say when the next one comes.");
        }

        Until = ReadTime(content);
        if (content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            ReadEntries(content.ReadSequence());
        }

        var extensions = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (content.HasData && content.PeekTag() == extensions)
        {
            RefuseCritical(content.ReadSequence(extensions).ReadSequence());
        }

        content.ThrowIfNotEmpty();
    }

    /// <summary>Since when it is valid.</summary>
    public DateTimeOffset From { get; }

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>Reads a list.</summary>
    /// <param name="encoded">The list in DER.</param>
    /// <param name="list">The list, when the result is true. Who signed it is yet to be seen.</param>
    /// <param name="problem">What is wrong with it, as a sentence, when the result is false.</param>
    public static bool TryRead(byte[] encoded, [NotNullWhen(true)] out RevocationList? list, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            (list, problem) = (new RevocationList(encoded), null);
            return true;
        }
        catch (AsnContentException exception)
        {
            (list, problem) = (null, exception.Message);
            return false;
        }
    }

    /// <summary>Whether an authority made it.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        if (!authority.SubjectName.RawData.AsSpan().SequenceEqual(_issuer)
            || authority.Extensions.OfType<X509KeyUsageExtension>().Any(static usage => !usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign)))
        {
            return false;
        }

        // RFC 5758 section 3.2, RFC 4055 section 5.
        return _algorithm switch
        {
            "1.2.840.10045.4.3.2" => IsSignedWithEcdsa(authority, HashAlgorithmName.SHA256),
            "1.2.840.10045.4.3.3" => IsSignedWithEcdsa(authority, HashAlgorithmName.SHA384),
            "1.2.840.10045.4.3.4" => IsSignedWithEcdsa(authority, HashAlgorithmName.SHA512),
            "1.2.840.113549.1.1.11" => IsSignedWithRsa(authority, HashAlgorithmName.SHA256),
            "1.2.840.113549.1.1.12" => IsSignedWithRsa(authority, HashAlgorithmName.SHA384),
            "1.2.840.113549.1.1.13" => IsSignedWithRsa(authority, HashAlgorithmName.SHA512),
            _ => false,
        };
    }

    /// <summary>Whether it is valid at a time.</summary>
    public bool IsValidAt(DateTimeOffset time) => From <= time && time < Until;

    /// <summary>Whether it names a certificate, which its own authority issued.</summary>
    public bool Revokes(X509Certificate2 certificate) => _serialNumbers.Contains(Normalize(certificate.SerialNumberBytes.Span));

    private static string ReadAlgorithm(AsnReader reader) => reader.ReadSequence().ReadObjectIdentifier();

    private static bool IsTime(AsnReader reader) => reader.HasData && (reader.PeekTag() == Asn1Tag.UtcTime || reader.PeekTag() == Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) => reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var identifier = extension.ReadObjectIdentifier();
            if (extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean())
            {
                throw new AsnContentException($"It is not a whole list of one authority, but has the critical extension {identifier}.");
            }
        }
    }

    private static string Normalize(ReadOnlySpan<byte> serialNumber) => Convert.ToHexString(serialNumber.TrimStart((byte)0));

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            _serialNumbers.Add(Normalize(entry.ReadIntegerBytes().Span));
            ReadTime(entry);
            if (entry.HasData)
            {
                RefuseCritical(entry.ReadSequence());
            }

            entry.ThrowIfNotEmpty();
        }
    }

    private bool IsSignedWithEcdsa(X509Certificate2 authority, HashAlgorithmName hash)
    {
        using var key = authority.GetECDsaPublicKey();
        return key?.VerifyData(_signed, _signature, hash, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    private bool IsSignedWithRsa(X509Certificate2 authority, HashAlgorithmName hash)
    {
        using var key = authority.GetRSAPublicKey();
        return key?.VerifyData(_signed, _signature, hash, RSASignaturePadding.Pkcs1) == true;
    }
}
