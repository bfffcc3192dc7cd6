using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Dske.Cli.CommandLine;

namespace Dske.Cli.Certificates;

/// <summary>A certificate that was made.</summary>
/// <param name="Certificate">Its file.</param>
/// <param name="Key">The file of its key.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="SerialNumber">Its number, in hexadecimal digits.</param>
/// <param name="NotAfter">When it ends.</param>
internal sealed record CertificateResult(string Certificate, string Key, string Subject, string SerialNumber, DateTimeOffset NotAfter)
{
    /// <summary>Describes a certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="files">Where it and its key are.</param>
    public static CertificateResult Of(X509Certificate2 certificate, (string Certificate, string Key) files) =>
        new(files.Certificate, files.Key, certificate.Subject, certificate.SerialNumber, certificate.NotAfter.ToUniversalTime());

    /// <summary>Writes it.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="result">What was made.</param>
    public static void Write(CommandContext context, ParseResult parsed, CertificateResult result)
    {
        if (parsed.WantsJson())
        {
            context.Terminal.WriteJson(result, CertificatesJson.Default.CertificateResult);
            return;
        }

        context.Terminal.WriteLine(result.Certificate);
        context.Terminal.WriteLine(result.Key);
    }
}
