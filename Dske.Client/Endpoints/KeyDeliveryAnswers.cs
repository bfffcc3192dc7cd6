using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Protocol.Clients;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Client.Endpoints;

/// <summary>Answers of the key delivery routes (ETSI GS QKD 014 clause 6): keys, and the one place where outcomes become statuses.</summary>
internal static class KeyDeliveryAnswers
{
    /// <summary>The most extensions that a refusal names, and the most characters of a name: whoever is refused does not decide how long that gets.</summary>
    private const int MaxDetails = 16;
    private const int MaxDetailLength = 64;

    /// <summary>A refusal in the standard's error format.</summary>
    public static IResult Error(int status, string message) => Error(status, new KeyDeliveryError { Message = message });

    /// <summary>A malformed or impossible request.</summary>
    public static IResult BadRequest(string message) => Error(StatusCodes.Status400BadRequest, message);

    /// <summary>The refusal of extensions that have to be honoured; this KME knows none. Names them.</summary>
    public static IResult UnsupportedExtensions(IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> extensions)
    {
        var names = extensions.SelectMany(extension => extension.Keys).Distinct(StringComparer.Ordinal).Take(MaxDetails);
        return Error(StatusCodes.Status400BadRequest, new KeyDeliveryError
        {
            Message = "not all extension_mandatory parameters are supported",
            Details = [.. names.Select(name => JsonSerializer.SerializeToElement(
                new JsonObject { ["extension_mandatory_unsupported"] = name[..Math.Min(name.Length, MaxDetailLength)] }))],
        });
    }

    /// <summary>Keys, or why there are none.</summary>
    public static IResult Of(KeyResult result) => result switch
    {
        { Outcome: KeyOutcome.Ok, Keys: { } keys } => new KeyContainerAnswer(keys),
        { Outcome: KeyOutcome.SlaveSaeUnknown } => BadRequest("a slave SAE is not registered with the network"),
        { Outcome: KeyOutcome.NotFound } => BadRequest("one or more keys specified are not found on KME"),
        { Outcome: KeyOutcome.Withheld } => TryLater("the KME cannot write its audit trail; it hands out no keys until it can"),
        { Outcome: KeyOutcome.TooLarge } => BadRequest("the keys are too large for one answer; ask for fewer at a time"),
        { Outcome: KeyOutcome.NotYours } => Error(StatusCodes.Status401Unauthorized, "the calling SAE is not a slave SAE of this key"),
        { Outcome: KeyOutcome.EntropyUnavailable } => Error(
            StatusCodes.Status503ServiceUnavailable, "the KME's source of randomness has failed; it makes no keys until it is restarted"),
        _ => TryLater("too few hubs answered in time; try again"),
    };

    /// <summary>What cannot be done now, but may be in a second.</summary>
    public static IResult TryLater(string message) => new TryLaterAnswer(message);

    private static JsonHttpResult<KeyDeliveryError> Error(int status, KeyDeliveryError error) => TypedResults.Json(error, KeyDeliveryJson.Default.KeyDeliveryError, statusCode: status);

    private sealed class TryLaterAnswer(string message) : IResult
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
