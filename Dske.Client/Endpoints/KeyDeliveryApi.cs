using System.Globalization;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Dske.Client.Endpoints;

/// <summary>Key delivery to encryptors: ETSI GS QKD 014 V1.1.1 on the standard's paths and on the guide's.</summary>
internal static class KeyDeliveryApi
{
    private const int MaxBody = ServiceDefaultsOptions.DefaultMaxRequestBodyBytes;
    private const string Json = "application/json";

    // To ignore these would hand out keys that others cannot fetch, or that are not what was asked for.
    private static readonly string[] PostOnly = ["additional_slave_SAE_IDs", "extension_mandatory", "extension_optional"];

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="prefix">What stands before the path of the standard.</param>
    /// <param name="suffix">What makes the names of the routes their own.</param>
    public static void MapKeyDeliveryApi(this IEndpointRouteBuilder routes, string prefix, string suffix)
    {
        var group = routes.MapGroup(prefix + KeyDeliveryPath.Standard + "/{sae}")
            .LoopbackOnly()
            .StateChanging()
            .DescribePathParameter("sae", "The other encryptor's SAE ID, percent-encoded.", "sofia")
            .WithTags("ETSI GS QKD 014")
            .AddEndpointFilter(static (context, next) =>
            {
                context.HttpContext.Response.Headers.CacheControl = "no-store";
                return next(context);
            })
            .WithMetadata(
                new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(KeyDeliveryError), [Json]),
                new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(KeyDeliveryError), [Json]),
                new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(KeyDeliveryError), [Json]))
            .AddOpenApiOperationTransformer(KeyDeliveryDescription.DescribeAsync);
        group.MapGet("/status", GetStatusAsync)
            .WithName("GetKeyStatus" + suffix)
            .WithSummary("Get status")
            .WithDescription("What keys the caller can have with the slave SAE in the path (clause 5.1). Consumes nothing.")
            .Produces<KmeStatus>();
        group.MapGet("/enc_keys", GetKeysAsync)
            .WithName("GetKeys" + suffix)
            .WithSummary("Get key")
            .WithDescription("Makes keys between the caller and the slave SAE in the path (clause 5.3). Other parameters than these are ignored, as is a body.")
            .Produces<KeyContainer>();
        group.MapPost("/enc_keys", PostKeysAsync)
            .WithName("PostKeys" + suffix)
            .WithSummary("Get key, with a body")
            .WithDescription("The same with the request as JSON (clause 6.2), for several slave SAEs as well. No body at all is `{}`: one key of the default size.")
            .Accepts<KeyRequest>(Json)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .Produces<KeyContainer>();
        group.MapGet("/dec_keys", GetKeyWithIdAsync)
            .WithName("GetKeyWithId" + suffix)
            .WithSummary("Get key with key ID")
            .WithDescription("Hands over a key that the master SAE in the path made for the caller, once (clause 5.4).")
            .Produces<KeyContainer>();
        group.MapPost("/dec_keys", PostKeyIdsAsync)
            .WithName("PostKeyIds" + suffix)
            .WithSummary("Get key with key IDs, with a body")
            .WithDescription("The same for several keys: all or none (clause 6.4).")
            .Accepts<KeyIdsRequest>(Json)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .Produces<KeyContainer>();
    }

    private static async Task<IResult> GetStatusAsync(KeyDelivery delivery, HttpContext context)
    {
        var (pair, refusal) = await delivery.AdmitAsync("status", context.Request);
        return refusal ?? await delivery.GetStatusAsync(pair, context.RequestAborted);
    }

    private static async Task<IResult> GetKeysAsync(string? number, string? size, KeyDelivery delivery, HttpContext context)
    {
        var (pair, refusal) = await delivery.AdmitAsync("enc_keys", context.Request);
        return refusal is not null ? refusal
            : PostOnly.FirstOrDefault(context.Request.Query.ContainsKey) is { } name ? KeyDeliveryAnswers.BadRequest($"{name} shall be in the body of a POST")
            : !TryParseNumber(number, out var count) ? KeyDeliveryAnswers.BadRequest("number shall be an integer")
            : !TryParseNumber(size, out var bits) ? KeyDeliveryAnswers.BadRequest("size shall be an integer")
            : await delivery.MakeAsync(pair, new KeyRequest { Number = count, Size = bits }, context.RequestAborted);
    }

    private static async Task<IResult> PostKeysAsync(KeyDelivery delivery, HttpContext context)
    {
        var (pair, refusal) = await delivery.AdmitAsync("enc_keys", context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        using var body = new SecretBufferWriter();
        if (await ReadAsync(body, context) is { } unreadable)
        {
            return unreadable;
        }

        var wanted = new KeyRequest();
        return body.WrittenCount == 0 || KeyDeliveryJson.TryRead(body.WrittenSpan, KeyDeliveryJson.Default.KeyRequest, out wanted)
            ? await delivery.MakeAsync(pair, wanted, context.RequestAborted)
            : KeyDeliveryAnswers.BadRequest("the body is not a key request (ETSI GS QKD 014 clause 6.2)");
    }

    private static async Task<IResult> GetKeyWithIdAsync([FromQuery(Name = "key_ID")] string? keyId, KeyDelivery delivery, HttpContext context)
    {
        var (pair, refusal) = await delivery.AdmitAsync("dec_keys", context.Request);
        return refusal is not null ? refusal
            : !TryParseId(keyId, out var id) ? KeyDeliveryAnswers.BadRequest("key_ID shall be a UUID")
            : await delivery.FetchAsync(pair, [id], context.RequestAborted);
    }

    private static async Task<IResult> PostKeyIdsAsync(KeyDelivery delivery, HttpContext context)
    {
        var (pair, refusal) = await delivery.AdmitAsync("dec_keys", context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        using var body = new SecretBufferWriter();
        if (await ReadAsync(body, context) is { } unreadable)
        {
            return unreadable;
        }

        return KeyDeliveryJson.TryRead(body.WrittenSpan, KeyDeliveryJson.Default.KeyIdsRequest, out var wanted)
            ? await delivery.FetchAsync(pair, [.. wanted.KeyIds.Select(key => key.KeyId)], context.RequestAborted)
            : KeyDeliveryAnswers.BadRequest("the body is not a list of key IDs (ETSI GS QKD 014 clause 6.4)");
    }

    /// <summary>Reads a body, or says what is wrong with it.</summary>
    private static async Task<IResult?> ReadAsync(SecretBufferWriter body, HttpContext context)
    {
        // Routing takes application/anything+json for JSON, and no media type for any.
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && !type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            return KeyDeliveryAnswers.Error(StatusCodes.Status415UnsupportedMediaType, "send the body as application/json");
        }

        return await body.TryReadToEndAsync(context.Request.Body, MaxBody, context.RequestAborted)
            ? null
            : KeyDeliveryAnswers.Error(StatusCodes.Status413PayloadTooLarge, $"the body is longer than {MaxBody} bytes");
    }

    /// <summary>Reads an integer as strictly as one in JSON: the one way to write it, and nothing around it.</summary>
    private static bool TryParseNumber(string? text, out int? number)
    {
        number = null;
        if (text is null)
        {
            return true;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || value.ToString(CultureInfo.InvariantCulture) != text)
        {
            return false;
        }

        number = value;
        return true;
    }

    // The framework also takes signs and blanks in the place of digits.
    private static bool TryParseId(string? text, out Guid id)
        => Guid.TryParseExact(text, "D", out id) && id.ToString("D").Equals(text, StringComparison.OrdinalIgnoreCase);
}
