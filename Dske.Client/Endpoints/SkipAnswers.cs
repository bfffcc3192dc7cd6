using Dske.Protocol.Clients;
using Dske.Protocol.Secrets;
using Dske.Protocol.Skip;

namespace Dske.Client.Endpoints;

/// <summary>Answers of the SKIP routes: secrets, and the one place where outcomes become statuses.</summary>
internal static class SkipAnswers
{
    /// <summary>A refusal.</summary>
    public static IResult Error(int status, string message)
        => TypedResults.Json(new SkipError { Message = message }, SkipJson.Default.SkipError, statusCode: status);

    /// <summary>A malformed or impossible request. The draft has this status, not 404, for a missing key, too.</summary>
    public static IResult BadRequest(string message) => Error(StatusCodes.Status400BadRequest, message);

    /// <summary>No randomness any more.</summary>
    public static IResult NoEntropy() => Error(
        StatusCodes.Status503ServiceUnavailable, "the source of randomness has failed; nothing is made of it until the node is restarted");

    /// <summary>A key, or why there is none.</summary>
    public static IResult Of(KeyResult result) => result switch
    {
        { Outcome: KeyOutcome.Ok, Keys: { } keys } => new SecretAnswer(keys, body => SkipCodec.WriteKey(keys.Keys[0], body)),
        { Outcome: KeyOutcome.SlaveSaeUnknown } => BadRequest("remoteSystemID is not registered with the network"),
        { Outcome: KeyOutcome.NotFound or KeyOutcome.NotYours } => KeyNotFound(),
        { Outcome: KeyOutcome.EntropyUnavailable } => NoEntropy(),
        { Outcome: KeyOutcome.Withheld } => new TryLater("the key provider cannot write its audit trail; it hands out no keys until it can"),
        { Outcome: KeyOutcome.TooLarge } => BadRequest("the key is too large"),
        _ => new TryLater("too few hubs answered in time; try again"),
    };

    /// <summary>There is no such key for this system, or there is no more.</summary>
    public static IResult KeyNotFound() => BadRequest("there is no key of this keyId from remoteSystemID, or it was handed out before");

    /// <summary>Random bytes, which the answer owns.</summary>
    public static IResult Of(SecretBytes random) => new SecretAnswer(random, body => SkipCodec.WriteEntropy(random, body));

    private sealed class TryLater(string message) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "1";
            return Error(StatusCodes.Status503ServiceUnavailable, message).ExecuteAsync(httpContext);
        }
    }

    /// <summary>Writes a secret from memory that is zeroed afterwards. Owns the secret.</summary>
    private sealed class SecretAnswer(IDisposable secret, Action<SecretBufferWriter> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var body = new SecretBufferWriter();
            using (secret)
            {
                write(body);
            }

            httpContext.Response.ContentType = "application/json";
            httpContext.Response.ContentLength = body.WrittenCount;
            await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
        }
    }
}
