using System.Threading.RateLimiting;
using Dske.Hub.Hosting;
using Dske.ServiceDefaults.Connections;
using Microsoft.Extensions.Options;

namespace Dske.Hub.Traffic;

/// <summary>
/// How often each caller may use the out-of-band routes: a client that proved who it is by its name, everybody else by the address. A flood of
/// the ones costs the others nothing.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class OutOfBandRates : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter;

    public OutOfBandRates(IOptions<HubOptions> options)
    {
        var traffic = options.Value.Traffic;
        var limits = new TokenBucketRateLimiterOptions
        {
            TokenLimit = traffic.OutOfBandBurst,
            TokensPerPeriod = traffic.OutOfBandPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
        _limiter = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => limits));
    }

    /// <summary>Counts a request of a client that has proven its name.</summary>
    public bool TryServeClient(string client) => TryServe("client " + client);

    /// <summary>Counts a request of somebody unknown.</summary>
    /// <remarks>Whoever has one IPv6 address has 2⁶⁴ of them: they count as one. Behind a front that is trusted, all share the front's.</remarks>
    public bool TryServeAddress(HttpContext context) => TryServe("address " + CallerAddress.Describe(context.Connection.RemoteIpAddress));

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();

    private bool TryServe(string caller)
    {
        using var lease = _limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }
}
