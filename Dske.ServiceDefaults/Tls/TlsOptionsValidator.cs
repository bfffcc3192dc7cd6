using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Tls;

/// <summary>Checks the settings and the files that they name when the node starts, and reports all problems together, each with its configuration key.</summary>
internal sealed class TlsOptionsValidator(TimeProvider time) : IValidateOptions<TlsOptions>
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var problems = new List<string>();
        if (options.ReadSaeIdSources() is null)
        {
            problems.Add($"{TlsOptions.Section}:{nameof(TlsOptions.SaeIdSources)} has to name each of 'uri', 'dns' and 'cn' at most once, and nothing else; it is '{string.Join(", ", options.SaeIdSources)}'.");
        }

        if (options.ReloadInterval < ShortestInterval || options.ReloadInterval > LongestInterval)
        {
            problems.Add($"{TlsOptions.Section}:{nameof(TlsOptions.ReloadInterval)} has to be from {ShortestInterval} to {LongestInterval}; it is '{options.ReloadInterval}'.");
        }

        if (options.IsConfigured)
        {
            using var files = TlsFiles.Read(options);
            TlsMaterial.TryRead(files, time.GetUtcNow(), out _, out var found);
            problems.AddRange(found);
        }
        else if (FirstOrphan(options) is { } orphan)
        {
            problems.Add($"{TlsOptions.Section}:{nameof(TlsOptions.CertificateFile)} is missing, though {TlsOptions.Section}:{orphan} is set: name the PEM file of the node's certificate.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // Half a configuration would silently be none.
    private static string? FirstOrphan(TlsOptions options) => new[]
    {
        (nameof(TlsOptions.KeyFile), options.KeyFile),
        (nameof(TlsOptions.OutboundCertificateFile), options.OutboundCertificateFile),
        (nameof(TlsOptions.OutboundKeyFile), options.OutboundKeyFile),
        (nameof(TlsOptions.ClientCaFile), options.ClientCaFile),
        (nameof(TlsOptions.ServerCaFile), options.ServerCaFile),
        (nameof(TlsOptions.RevocationFile), options.RevocationFile),
    }.Where(static setting => !string.IsNullOrEmpty(setting.Item2)).Select(static setting => setting.Item1).FirstOrDefault();
}
