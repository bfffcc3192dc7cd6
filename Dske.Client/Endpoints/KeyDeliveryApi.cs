using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dske.Client.Hosting;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Dske.Client.Endpoints;

/// <summary>Key delivery to encryptors: ETSI GS QKD 014 V1.1.1 on the guide's paths.</summary>
internal static class KeyDeliveryApi
{
    private const int MaxBody = 64 * 1024;

    /// <summary>Maps the routes.</summary>
    public static void MapKeyDeliveryApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/etsi/api/v1/keys/{sae}")
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
                new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(KeyDeliveryError), ["application/json"]),
                new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(KeyDeliveryError), ["application/json"]),
                new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(KeyDeliveryError), ["application/json"]))
            .AddOpenApiOperationTransformer(DescribeErrorsAsync);
        group.MapGet("/status", GetStatus)
            .WithName("GetKeyStatus")
            .WithSummary("Get status")
            .WithDescription("What keys the caller can have with the slave SAE (clause 5.1). Consumes nothing.")
            .Produces<KmeStatus>();
        group.MapGet("/enc_keys", GetKeysAsync)
            .WithName("GetKeys")
            .WithSummary("Get key")
            .WithDescription("Makes keys between the caller and the slave SAE (clause 5.3).")
            .Produces<KeyContainer>();
        group.MapPost("/enc_keys", PostKeysAsync)
            .WithName("PostKeys")
            .WithSummary("Get key, with a body")
            .WithDescription("The same, with the request as JSON (clause 6.2).")
            .Accepts<KeyRequest>("application/json")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .Produces<KeyContainer>();
        group.MapGet("/dec_keys", GetKeyWithIdAsync)
            .WithName("GetKeyWithId")
            .WithSummary("Get key with key ID")
            .WithDescription("Hands over a key that the master SAE made for the caller, once (clause 5.4).")
            .Produces<KeyContainer>();
        group.MapPost("/dec_keys", PostKeyIdsAsync)
            .WithName("PostKeyIds")
            .WithSummary("Get key with key IDs, with a body")
            .WithDescription("The same for several keys: all or none (clause 6.4).")
            .Accepts<KeyIdsRequest>("application/json")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .Produces<KeyContainer>();
    }

    /// <summary>Errors that all routes of a node have in common come in the standard's format here (<see cref="KeyDeliveryErrorFormat"/>).</summary>
    private static Task DescribeErrorsAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var responses = operation.Responses!;
        var format = responses[$"{StatusCodes.Status400BadRequest}"].Content;
        foreach (var response in responses.Where(response => response.Key[0] is '4' or '5').Select(response => response.Value).OfType<OpenApiResponse>())
        {
            response.Content = format;
        }

        return Task.CompletedTask;
    }

    private static IResult GetStatus(ClientEngine client, IOptions<ClientOptions> options, HttpRequest request)
    {
        if (!TryGetPair(request, client, options.Value, out var caller, out var slave, out var refusal))
        {
            return refusal;
        }

        var keys = options.Value.Keys;
        var most = (int)Math.Min(int.MaxValue, options.Value.Psrd.RefillTo / ((keys.DefaultSize / 8) + MessageMac.KeySize));
        return TypedResults.Json(
            new KmeStatus
            {
                SourceKmeId = client.Name.Value,

                // Which client another SAE belongs to is the hubs' knowledge; they are not asked yet.
                TargetKmeId = client.Owns(slave) ? client.Name.Value : string.Empty,
                MasterSaeId = caller.Value,
                SlaveSaeId = slave.Value,
                KeySize = keys.DefaultSize,
                StoredKeyCount = (int)Math.Min(most, client.CountAvailableKeys(keys.DefaultSize / 8)),
                MaxKeyCount = most,
                MaxKeyPerRequest = keys.MaxPerRequest,
                MaxKeySize = keys.MaxSize,
                MinKeySize = keys.MinSize,
                MaxSaeIdCount = 0,
            },
            KeyDeliveryJson.Default.KmeStatus);
    }

    private static async Task<IResult> GetKeysAsync(
        [Description("How many keys; default 1.")] string? number,
        [Description("The size of each key in bits, a multiple of 8; default as the status says.")] string? size,
        ClientEngine client,
        IOptions<ClientOptions> options,
        HttpRequest request)
    {
        if (!TryParse(number, out var count))
        {
            return KeyDeliveryAnswers.BadRequest("number has to be an integer");
        }

        return TryParse(size, out var bits)
            ? await EstablishAsync(new KeyRequest { Number = count, Size = bits }, client, options.Value, request)
            : KeyDeliveryAnswers.BadRequest("size has to be an integer");
    }

    private static async Task<IResult> PostKeysAsync(ClientEngine client, IOptions<ClientOptions> options, HttpRequest request)
    {
        using var body = new SecretBufferWriter();
        if (!await body.TryReadToEndAsync(request.Body, MaxBody, request.HttpContext.RequestAborted))
        {
            return KeyDeliveryAnswers.Error(StatusCodes.Status413PayloadTooLarge, $"the body is longer than {MaxBody} bytes");
        }

        KeyRequest? wanted = null;
        return body.WrittenCount == 0 || KeyDeliveryJson.TryRead(body.WrittenSpan, KeyDeliveryJson.Default.KeyRequest, out wanted)
            ? await EstablishAsync(wanted ?? new KeyRequest(), client, options.Value, request)
            : KeyDeliveryAnswers.BadRequest("the body is not a key request (ETSI GS QKD 014 clause 6.2)");
    }

    private static Task<IResult> GetKeyWithIdAsync(
        [FromQuery(Name = "key_ID"), Description("The UUID of the key.")] string? keyId,
        ClientEngine client,
        IOptions<ClientOptions> options,
        HttpRequest request)
        => Guid.TryParseExact(keyId, "D", out var id)
            ? FetchAsync([id], client, options.Value, request)
            : Task.FromResult(KeyDeliveryAnswers.BadRequest("key_ID has to be a UUID"));

    private static async Task<IResult> PostKeyIdsAsync(ClientEngine client, IOptions<ClientOptions> options, HttpRequest request)
    {
        using var body = new SecretBufferWriter();
        if (!await body.TryReadToEndAsync(request.Body, MaxBody, request.HttpContext.RequestAborted))
        {
            return KeyDeliveryAnswers.Error(StatusCodes.Status413PayloadTooLarge, $"the body is longer than {MaxBody} bytes");
        }

        return KeyDeliveryJson.TryRead(body.WrittenSpan, KeyDeliveryJson.Default.KeyIdsRequest, out var wanted)
            ? await FetchAsync([.. wanted.KeyIds.Select(key => key.KeyId)], client, options.Value, request)
            : KeyDeliveryAnswers.BadRequest("the body is not a list of key IDs (ETSI GS QKD 014 clause 6.4)");
    }

    private static async Task<IResult> EstablishAsync(KeyRequest wanted, ClientEngine client, ClientOptions options, HttpRequest request)
    {
        if (!TryGetPair(request, client, options, out var caller, out var slave, out var refusal))
        {
            return refusal;
        }

        var keys = options.Keys;
        var (number, size) = (wanted.Number ?? 1, wanted.Size ?? keys.DefaultSize);
        var problem = wanted.AdditionalSlaveSaeIds is { Count: > 0 } ? "additional_slave_SAE_IDs are not supported"
            : wanted.ExtensionMandatory is { Count: > 0 } ? "not all extension_mandatory parameters are supported"
            : number < 1 || number > keys.MaxPerRequest ? $"number shall be 1 to {keys.MaxPerRequest}"
            : size % 8 != 0 ? "size shall be a multiple of 8"
            : size < keys.MinSize || size > keys.MaxSize ? $"size shall be {keys.MinSize} to {keys.MaxSize}"
            : (long)number * (size / 8) > keys.MaxBytesPerRequest ? $"number times size shall be at most {keys.MaxBytesPerRequest * 8L} bits"
            : null;
        return problem is not null
            ? KeyDeliveryAnswers.BadRequest(problem)
            : KeyDeliveryAnswers.Of(await client.EstablishAsync(caller, slave, number, size / 8, request.HttpContext.RequestAborted));
    }

    private static async Task<IResult> FetchAsync(IReadOnlyList<Guid> keyIds, ClientEngine client, ClientOptions options, HttpRequest request)
    {
        if (!TryGetPair(request, client, options, out var caller, out var master, out var refusal))
        {
            return refusal;
        }

        var problem = keyIds.Count == 0 || keyIds.Count > options.Keys.MaxPerRequest ? $"name 1 to {options.Keys.MaxPerRequest} key IDs"
            : keyIds.Distinct().Count() != keyIds.Count ? "a key ID is named twice"
            : null;
        return problem is not null
            ? KeyDeliveryAnswers.BadRequest(problem)
            : KeyDeliveryAnswers.Of(await client.FetchAsync(keyIds, master, caller, request.HttpContext.RequestAborted));
    }

    /// <summary>The calling SAE and the one in the path, where framework and standard disagree about %2F: a value keeps it, an SAE ID means '/'.</summary>
    private static bool TryGetPair(
        HttpRequest request, ClientEngine client, ClientOptions options, out SaeId caller, out SaeId other, [NotNullWhen(false)] out IResult? refusal)
    {
        other = default;
        if (CallingSae.TryGet(request, client, out caller, out refusal))
        {
            refusal = !SaeId.TryParse(request.HttpContext.GetRouteText("sae"), out other) ? KeyDeliveryAnswers.BadRequest("the SAE ID in the path has to have 1 to 255 printable characters")
                : other == caller && !options.Keys.AllowSelf ? KeyDeliveryAnswers.BadRequest("the SAE ID in the path is the caller's own")
                : null;
        }

        return refusal is null;
    }

    private static bool TryParse(string? text, out int? number)
    {
        number = null;
        if (text is null)
        {
            return true;
        }

        var parsed = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        number = value;
        return parsed;
    }
}
