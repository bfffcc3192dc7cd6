using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dske.ServiceDefaults.Tls;

/// <summary>The names that a certificate gives its subject, as they stand there, each once.</summary>
internal sealed class SubjectNames
{
    private const string AlternativeNameOid = "2.5.29.17";
    private const string CommonNameOid = "2.5.4.3";

    // GeneralName, RFC 5280 section 4.2.1.6.
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UniformResourceIdentifier = new(TagClass.ContextSpecific, 6);

    private readonly HashSet<string> _uris = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dnsNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _commonNames = new(StringComparer.Ordinal);

    private SubjectNames()
    {
    }

    public IReadOnlyCollection<string> Uris => _uris;

    public IReadOnlyCollection<string> DnsNames => _dnsNames;

    public IReadOnlyCollection<string> CommonNames => _commonNames;

    /// <summary>Reads the names.</summary>
    /// <returns>False when the certificate is malformed there: none of its names is believed then.</returns>
    public static bool TryRead(X509Certificate2 certificate, [NotNullWhen(true)] out SubjectNames? names)
    {
        names = new SubjectNames();
        try
        {
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == AlternativeNameOid))
            {
                names.AddAlternativeNames(extension.RawData);
            }

            names.AddCommonNames(certificate.SubjectName);
            return true;
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            names = null;
            return false;
        }
    }

    private void AddAlternativeNames(byte[] encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        while (sequence.HasData)
        {
            var tag = sequence.PeekTag();
            if (tag.HasSameClassAndValue(DnsName))
            {
                _dnsNames.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
            }
            else if (tag.HasSameClassAndValue(UniformResourceIdentifier))
            {
                _uris.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, UniformResourceIdentifier));
            }
            else
            {
                sequence.ReadEncodedValue();
            }
        }
    }

    private void AddCommonNames(X500DistinguishedName subject)
    {
        foreach (var part in subject.EnumerateRelativeDistinguishedNames())
        {
            // A part of several values says nothing that could be told apart from the rest: it is passed over.
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == CommonNameOid && part.GetSingleElementValue() is { } name)
            {
                _commonNames.Add(name);
            }
        }
    }
}
