using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;

namespace Dske.Console.Otlp;

/// <summary>Lets requests with telemetry in a few at a time, and only at their port.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class OtlpGate(IConfiguration configuration, TimeProvider time) : IDisposable
{
    /// <summary>The setting for the port of OTLP over gRPC. Without it both protocols answer at every port.</summary>
    public const string GrpcPortKey = "Dske:Console:OtlpGrpcPort";

    // Frames and headers of a message that is just small enough.
    private const int Slack = 1024;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    private readonly Lazy<int> _grpcPort = new(() => configuration.GetValue<int>(GrpcPortKey));
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = OtlpLimits.MaxConcurrent,
        QueueLimit = OtlpLimits.MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public void Dispose() => _limiter.Dispose();

    /// <summary>Answers a request, refuses it, or lets it through.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isGrpc">Whether it came by the route of gRPC.</param>
    /// <param name="next">Answers it.</param>
    public async Task RunAsync(HttpContext context, bool isGrpc, RequestDelegate next)
    {
        // The port where the connection is, and not the one that the request names, which anybody may make up.
        if (_grpcPort.Value != 0 && isGrpc != (context.Connection.LocalPort == _grpcPort.Value))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = OtlpLimits.MaxMessageBytes + Slack;
        }

        using var lease = await _limiter.AcquireAsync(1, context.RequestAborted);
        if (lease.IsAcquired)
        {
            // Whoever sends slowly keeps others waiting: not for long.
            using var late = new CancellationTokenSource(MaxTime, time);
            using var end = late.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), context);
            await next(context);
            return;
        }

        // Both protocols understand this as: come again.
        await OtlpHttpEndpoint.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many requests with telemetry wait already.");
    }
}
