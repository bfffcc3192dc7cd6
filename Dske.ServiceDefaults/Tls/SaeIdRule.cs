using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dske.Protocol.Identifiers;

namespace Dske.ServiceDefaults.Tls;

/// <summary>
/// Which SAE a certificate names. The first source of the order that the certificate has decides: what stands there has to be one SAE ID, and the
/// sources after it are not looked at. A certificate whose URIs say that it is for something else of Dske, such as a node, names no SAE.
/// </summary>
/// <remarks>Immutable, hence safe for concurrent use.</remarks>
internal sealed class SaeIdRule(IReadOnlyList<SaeIdSource> order)
{
    /// <summary>What the URIs of all certificates of Dske begin with, in any case (RFC 8141 section 3.1).</summary>
    public const string OwnPrefix = "urn:dske:";

    /// <summary>What the URI of an SAE's certificate begins with, in any case.</summary>
    public const string SaePrefix = OwnPrefix + "sae:";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The order unless another one is set.</summary>
    public static IReadOnlyList<SaeIdSource> DefaultOrder { get; } = [SaeIdSource.Uri, SaeIdSource.Dns, SaeIdSource.CommonName];

    /// <summary>Finds the SAE.</summary>
    /// <param name="certificate">A certificate that was checked before.</param>
    /// <param name="saeId">The SAE, when the result is true.</param>
    /// <param name="problem">Why there is none, in words for its holder, when the result is false.</param>
    public bool TryRead(X509Certificate2 certificate, out SaeId saeId, [NotNullWhen(false)] out string? problem)
    {
        saeId = default;
        if (!SubjectNames.TryRead(certificate, out var names))
        {
            problem = "the names in the certificate cannot be read";
            return false;
        }

        if (names.Uris.Any(static uri => IsOwn(uri) && !IsSae(uri)))
        {
            problem = "the certificate is not an SAE's: it is a node's or an operator's";
            return false;
        }

        foreach (var source in order)
        {
            var values = ValuesOf(names, source);
            if (values.Count > 0)
            {
                return TryRead(values, source, out saeId, out problem);
            }
        }

        problem = "the certificate names no SAE";
        return false;
    }

    private static bool TryRead(List<string> values, SaeIdSource source, out SaeId saeId, [NotNullWhen(false)] out string? problem)
    {
        saeId = default;
        problem = values.Count > 1
            ? "the certificate names more than one SAE"
            : !TryDecode(values[0], source, out var text) || !SaeId.TryParse(text, out saeId) ? "what the certificate names is no SAE ID" : null;
        return problem is null;
    }

    private static List<string> ValuesOf(SubjectNames names, SaeIdSource source) => source switch
    {
        SaeIdSource.Uri => [.. names.Uris.Where(IsSae)],
        SaeIdSource.Dns => [.. names.DnsNames],
        _ => [.. names.CommonNames],
    };

    private static bool IsOwn(string uri) => uri.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsSae(string uri) => uri.StartsWith(SaePrefix, StringComparison.OrdinalIgnoreCase);

    private static bool TryDecode(string value, SaeIdSource source, [NotNullWhen(true)] out string? text)
    {
        text = value;
        return source switch
        {
            SaeIdSource.Uri => TryUnescape(value.AsSpan(SaePrefix.Length), out text),

            // A wildcard stands for many.
            SaeIdSource.Dns => !value.Contains('*', StringComparison.Ordinal),
            _ => true,
        };
    }

    // Stricter than the framework, which leaves alone what it cannot decode: two names must not become one, nor one name two.
    private static bool TryUnescape(ReadOnlySpan<char> escaped, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (escaped.Length > 3 * 4 * SaeId.MaxLength)
        {
            return false;
        }

        var bytes = new byte[escaped.Length];
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '%')
            {
                if (!char.IsAscii(escaped[i]))
                {
                    return false;
                }

                bytes[length++] = (byte)escaped[i];
            }
            else if (i + 2 < escaped.Length && char.IsAsciiHexDigit(escaped[i + 1]) && char.IsAsciiHexDigit(escaped[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(escaped.Slice(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                return false;
            }
        }

        try
        {
            text = StrictUtf8.GetString(bytes, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
