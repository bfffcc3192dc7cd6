namespace Dske.Benchmarks.Load;

/// <summary>What requests are sent with: nothing between the generator and its sockets that is not needed, since its own time is measured, too.</summary>
internal static class LoadHttp
{
    /// <summary>Makes a sender that the caller disposes.</summary>
    /// <param name="concurrency">How many connections to keep to each KME.</param>
    public static HttpMessageInvoker Create(int concurrency) => new(new SocketsHttpHandler
    {
        // A trace begun here would decide for the KMEs which of them they keep.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = concurrency,
        PooledConnectionIdleTimeout = LoadPlan.MaxDuration,
        UseCookies = false,
        UseProxy = false,
    });
}
