using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;
using Dske.Cli.CommandLine;

namespace Dske.Cli.Certificates;

/// <summary><c>dske certs revoke</c>: revokes certificates, and writes the list that says so.</summary>
internal static class RevokeCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="directory">Where the authority is.</param>
    public static Command Create(CommandContext context, Option<string> directory)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "The certificates (PEM); none to write the list anew before it ends.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new ExampledCommand(
            "revoke",
            "Adds certificates to the revocation list, and writes it anew.",
            "dske certs revoke tls/saes/sam.pem",
            "dske certs revoke").WithDetails(
            $"The list is ca.crl, valid for {RevokedCertificates.DefaultLifetime.TotalDays:0} days. It counts where a node has it as Dske:Tls:RevocationFile.").Does((parsed, _) =>
        {
            var own = new CertificateDirectory(context.FullPath(parsed.GetValue(directory)!));
            using var authority = CertsCommand.LoadAuthority(context, own);
            var revoked = LoadList(own.RevocationFile);
            string[] paths = [.. (parsed.GetValue(files) ?? []).Select(context.FullPath)];
            foreach (var path in paths)
            {
                using var certificate = Load(path, authority);
                revoked.Add(certificate, context.Time);
            }

            revoked.Write(authority, own.RevocationFile, context.Time);
            Write(context, parsed, new RevocationResult(own.RevocationFile, paths, context.Time.GetUtcNow() + RevokedCertificates.DefaultLifetime));
            return Task.FromResult(ExitCode.Success);
        });
        command.Arguments.Add(files);
        return command;
    }

    private static RevokedCertificates LoadList(string path) =>
        !File.Exists(path) ? new RevokedCertificates()
        : RevokedCertificates.TryLoad(path, out var revoked, out var problem) ? revoked
        : throw new CommandFailure(ExitCode.BadInput, problem);

    private static X509Certificate2 Load(string path, CertificateAuthority authority)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailure(ExitCode.BadInput, $"{path} is no certificate: {e.Message}");
        }

        if (IsIssuedBy(certificate, authority))
        {
            return certificate;
        }

        certificate.Dispose();
        throw new CommandFailure(ExitCode.BadInput, $"{path} was not issued by this authority. Nothing was revoked.");
    }

    // Whether it is still valid does not matter here.
    private static bool IsIssuedBy(X509Certificate2 certificate, CertificateAuthority authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate) && chain.ChainElements.Count > 1;
    }

    private static void Write(CommandContext context, ParseResult parsed, RevocationResult result)
    {
        if (parsed.WantsJson())
        {
            context.Terminal.WriteJson(result, CertificatesJson.Default.RevocationResult);
            return;
        }

        context.Terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{result.List} is written, {result.Revoked.Count} added; write it again before {result.NextUpdate:yyyy-MM-dd}."));
    }
}
