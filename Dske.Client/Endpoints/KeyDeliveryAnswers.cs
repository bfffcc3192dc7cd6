using Dske.Protocol.Clients;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Client.Endpoints;

/// <summary>Answers of the key delivery routes (ETSI GS QKD 014 clause 6): keys, and the one place where outcomes become statuses.</summary>
internal static class KeyDeliveryAnswers
{
    /// <summary>A refusal in the standard's error format.</summary>
    public static IResult Error(int status, string message) => TypedResults.Json(
        new KeyDeliveryError { Message = message }, KeyDeliveryJson.Default.KeyDeliveryError, statusCode: status);

    /// <summary>A malformed or impossible request.</summary>
    public static IResult BadRequest(string message) => Error(StatusCodes.Status400BadRequest, message);

    /// <summary>Keys, or why there are none.</summary>
    public static IResult Of(KeyResult result) => result switch
    {
        { Outcome: KeyOutcome.Ok, Keys: { } keys } => new KeyContainerAnswer(keys),
        { Outcome: KeyOutcome.SlaveSaeUnknown } => BadRequest("slave_SAE_ID is not registered with the network"),
        { Outcome: KeyOutcome.NotFound } => BadRequest("one or more keys specified are not found on KME"),
        { Outcome: KeyOutcome.NotYours } => Error(StatusCodes.Status401Unauthorized, "the calling SAE is not a slave SAE of this key"),
        { Outcome: KeyOutcome.EntropyUnavailable } => Error(
            StatusCodes.Status503ServiceUnavailable, "the KME's source of randomness has failed; it makes no keys until it is restarted"),
        _ => new TryLater("too few hubs answered in time; try again"),
    };

    private sealed class TryLater(string message) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "1";
            return Error(StatusCodes.Status503ServiceUnavailable, message).ExecuteAsync(httpContext);
        }
    }

    /// <summary>Writes keys from memory that is zeroed afterwards. Owns the keys.</summary>
    private sealed class KeyContainerAnswer(KeyContainer keys) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (keys)
            using (var body = new SecretBufferWriter())
            {
                KeyContainerCodec.Write(keys, body);
                httpContext.Response.ContentType = "application/json";
                httpContext.Response.ContentLength = body.WrittenCount;
                await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
            }
        }
    }
}
