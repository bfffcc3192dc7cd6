using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Dske.Encryptor.Endpoints;

/// <summary>
/// How many exchanges an encryptor has under way. Beyond that, and a queue, it answers 503 at once rather than late.
/// </summary>
/// <remarks>
/// Establishments and offers have separate limits: an establishment waits for the peer to take up its offer, so two encryptors busy
/// with each other's establishments would wait for each other's offers under a common one.
/// </remarks>
internal static class EncryptorLimits
{
    public const string Establishments = "establishments";
    public const string Offers = "offers";
    public const string Epochs = "epochs";

    private const int Concurrent = 64;
    private const int Queued = 256;

    public static void AddEncryptorLimits(this IServiceCollection services) => services.AddRateLimiter(limiter =>
    {
        limiter.AddConcurrencyLimiter(Establishments, Limit);
        limiter.AddConcurrencyLimiter(Offers, Limit);
        limiter.AddConcurrencyLimiter(Epochs, Limit);
        limiter.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
        limiter.OnRejected = async (rejected, _) =>
        {
            var context = rejected.HttpContext;
            EncryptorProblems.SetRetryAfter(context.Response, EncryptorProblems.DefaultRetryAfter);
            await TypedResults.Problem(
                "This encryptor has as many exchanges under way as it can take.",
                statusCode: StatusCodes.Status503ServiceUnavailable,
                type: EncryptorProblems.Busy).ExecuteAsync(context);
        };
    });

    private static void Limit(ConcurrencyLimiterOptions options)
    {
        options.PermitLimit = Concurrent;
        options.QueueLimit = Queued;
        options.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
    }
}
