using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Tls;

/// <summary>
/// The certificates, authorities and revocation lists that handshakes go by at the moment. What the files hold replaces them when it is usable; what
/// is not, half of an exchange for instance, changes nothing. Connections that are open stay open.
/// </summary>
/// <remarks>Safe for concurrent use, save for <see cref="Reload"/>, which one caller at a time may call.</remarks>
internal sealed partial class TlsMaterials
{
    private readonly TlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile TlsMaterial? _current;
    private string? _digest;
    private string? _latestProblem;

    public TlsMaterials(IOptions<TlsOptions> options, TimeProvider time, ILogger<TlsMaterials> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        if (!_options.IsConfigured)
        {
            return;
        }

        using var files = TlsFiles.Read(_options);
        _current = TlsMaterial.TryRead(files, time.GetUtcNow(), out var material, out var problems)
            ? material
            : throw new OptionsValidationException(Options.DefaultName, typeof(TlsOptions), problems);
        _digest = files.Digest;
    }

    /// <summary>Whether the node uses TLS as <see cref="TlsOptions"/> has it.</summary>
    public bool IsConfigured => _current is not null;

    /// <summary>What handshakes go by.</summary>
    /// <exception cref="InvalidOperationException">The node does not use TLS.</exception>
    public TlsMaterial Current => _current ?? throw new InvalidOperationException($"{TlsOptions.Section} is not configured.");

    /// <summary>Looks whether the files have changed.</summary>
    public void Reload()
    {
        using var files = TlsFiles.Read(_options);
        if (files.Problems.Count == 0 && files.Digest == _digest)
        {
            _latestProblem = null;
            return;
        }

        if (TlsMaterial.TryRead(files, _time.GetUtcNow(), out var material, out var problems))
        {
            (_current, _digest, _latestProblem) = (material, files.Digest, null);
            LogReloaded(_logger, material.Server.Certificate.NotAfter.ToUniversalTime());
            return;
        }

        // Once, not at each look.
        var problem = string.Join(" ", problems);
        if (problem != _latestProblem)
        {
            _latestProblem = problem;
            LogNotReloaded(_logger, problem);
        }
    }

    [LoggerMessage(3101, LogLevel.Information, "Certificates, authorities and revocation lists were read again; the node's certificate is valid until {Until:u}")]
    private static partial void LogReloaded(ILogger logger, DateTime until);

    [LoggerMessage(3102, LogLevel.Warning, "Changed files of TLS cannot be used, those read before stay in use. {Problem}")]
    private static partial void LogNotReloaded(ILogger logger, string problem);
}
