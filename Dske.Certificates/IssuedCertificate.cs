using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dske.Certificates;

/// <summary>A certificate and its private key, as an authority issued them.</summary>
public sealed class IssuedCertificate : IDisposable
{
    private readonly ECDsa _key;

    internal IssuedCertificate(X509Certificate2 certificate, ECDsa key)
    {
        using (certificate)
        {
            Certificate = certificate.CopyWithPrivateKey(key);
        }

        _key = key;
    }

    /// <summary>The certificate, with its private key. It is disposed with this object.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Writes both as PEM, the key first: whoever sees the new certificate finds its key.</summary>
    /// <param name="certificateFile">The file of the certificate; one that exists is replaced. Its directory exists.</param>
    /// <param name="keyFile">The file of the private key, which its owner alone can read; one that exists is replaced.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be written.</exception>
    public void Write(string certificateFile, string keyFile)
    {
        ArgumentNullException.ThrowIfNull(certificateFile);
        ArgumentNullException.ThrowIfNull(keyFile);
        PemFile.WriteKey(keyFile, _key);
        PemFile.Write(certificateFile, Certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>Lets the key go.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
