using Dske.Encryptor.Configuration;
using Dske.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.Encryptor.Health;

/// <summary>
/// An encryptor is ready when its KME is. The answer is remembered for <see cref="Validity"/>, so that probing an encryptor often
/// does not become probing its KME often.
/// </summary>
/// <remarks>Safe for concurrent use: probes that come while one is asking wait for its answer.</remarks>
internal sealed class KmeHealthCheck : IHealthCheck, IDisposable
{
    /// <summary>The name of the check and of its HTTP client.</summary>
    public const string Name = "kme";

    /// <summary>How long an answer is believed.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);

    /// <summary>How long the KME may take to answer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly IHttpClientFactory _clients;
    private readonly EncryptorSettings _settings;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _asking = new(1);
    private (long At, HealthCheckResult Result)? _latest;

    public KmeHealthCheck(IHttpClientFactory clients, EncryptorSettings settings, TimeProvider time)
    {
        _clients = clients;
        _settings = settings;
        _time = time;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_latest is not { } latest || _time.GetElapsedTime(latest.At) >= Validity)
            {
                latest = (_time.GetTimestamp(), await AskAsync(cancellationToken));
                _latest = latest;
            }

            return latest.Result;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var http = _clients.CreateClient(Name);
            using var response = await http.GetAsync(
                new Uri(NodeHealth.ReadyPath, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The KME {_settings.KmeName} is not ready.");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The KME {_settings.KmeName} does not answer.");
        }
    }
}
