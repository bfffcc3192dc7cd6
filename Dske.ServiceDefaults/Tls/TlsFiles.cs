using System.Security.Cryptography;
using Dske.Protocol.Secrets;

namespace Dske.ServiceDefaults.Tls;

/// <summary>The content of the files that <see cref="TlsOptions"/> names, as they were at one moment.</summary>
internal sealed class TlsFiles : IDisposable
{
    private const int MaxKeyLength = 64 * 1024;
    private const int MaxCertificatesLength = 4 * 1024 * 1024;
    private const int MaxRevocationsLength = 64 * 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> _problems = [];

    private TlsFiles(TlsOptions options)
    {
        Certificate = Read(nameof(TlsOptions.CertificateFile), options.CertificateFile, MaxCertificatesLength);
        Key = ReadKey(nameof(TlsOptions.KeyFile), options.KeyFile, isRequired: true);
        OutboundCertificate = ReadIfNamed(nameof(TlsOptions.OutboundCertificateFile), options.OutboundCertificateFile, MaxCertificatesLength);
        OutboundKey = ReadKey(nameof(TlsOptions.OutboundKeyFile), options.OutboundKeyFile, isRequired: OutboundCertificate is not null);
        ClientAuthorities = Read(nameof(TlsOptions.ClientCaFile), options.ClientCaFile, MaxCertificatesLength);
        ServerAuthorities = ReadIfNamed(nameof(TlsOptions.ServerCaFile), options.ServerCaFile, MaxCertificatesLength);
        Revocations = ReadIfNamed(nameof(TlsOptions.RevocationFile), options.RevocationFile, MaxRevocationsLength);
        Digest = Convert.ToHexString(_hash.GetHashAndReset());
    }

    public byte[]? Certificate { get; }

    public SecretBytes? Key { get; }

    public byte[]? OutboundCertificate { get; }

    public SecretBytes? OutboundKey { get; }

    public byte[]? ClientAuthorities { get; }

    public byte[]? ServerAuthorities { get; }

    public byte[]? Revocations { get; }

    /// <summary>Tells one state of the files from another, and nothing about what is in them.</summary>
    public string Digest { get; }

    /// <summary>What could not be read, with its configuration key.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads the files, all that can be read.</summary>
    public static TlsFiles Read(TlsOptions options) => new(options);

    public void Dispose()
    {
        Key?.Dispose();
        OutboundKey?.Dispose();
        _hash.Dispose();
    }

    private byte[]? ReadIfNamed(string setting, string? path, int maxLength) => string.IsNullOrEmpty(path) ? null : Read(setting, path, maxLength);

    private byte[]? Read(string setting, string? path, int maxLength)
    {
        if (string.IsNullOrEmpty(path))
        {
            _problems.Add($"{TlsOptions.Section}:{setting} is missing: it names a PEM file.");
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > maxLength)
            {
                _problems.Add($"{TlsOptions.Section}:{setting} cannot be used: {path} is longer than {maxLength} bytes.");
                return null;
            }

            var content = new byte[file.Length];
            file.ReadExactly(content);
            Count(content);
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _problems.Add($"{TlsOptions.Section}:{setting} cannot be used: {exception.Message}");
            return null;
        }
    }

    private SecretBytes? ReadKey(string setting, string? path, bool isRequired)
    {
        if (string.IsNullOrEmpty(path))
        {
            if (isRequired)
            {
                _problems.Add($"{TlsOptions.Section}:{setting} is missing: it names the PEM file of the certificate's private key.");
            }

            return null;
        }

        if (!OwnerOnlyFile.TryRead(path, MaxKeyLength, out var key, out var problem))
        {
            _problems.Add($"{TlsOptions.Section}:{setting} cannot be used: {problem}");
            return null;
        }

        Count(key.Span);
        return key;
    }

    private void Count(ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(length, content.Length);
        _hash.AppendData(length);
        _hash.AppendData(content);
    }
}
