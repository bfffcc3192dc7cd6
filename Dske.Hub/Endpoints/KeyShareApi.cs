using Dske.Hub.Traffic;
using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace Dske.Hub.Endpoints;

/// <summary>
/// The in-band routes: shares in, shares out. They carry raw bytes to the engine and back; what is signed must not pass through a
/// binder that could read it otherwise.
/// </summary>
internal static partial class KeyShareApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapKeyShareApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/dske/api/v1")
            .WithTags("In band")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/key-share", PostShareAsync)
            .MaxRequestBody(UnverifiedBodies.MaxBody)
            .WithName("PostKeyShare")
            .WithSummary("Hand in a share")
            .WithDescription(
                "The body and the query are signed with client-owned PSRD (header DSKE-Signature), the share is encrypted with client-owned PSRD. "
                + "With ?bind=1 the answer's signature is bound to this request, and ?bind=1&also=… names further slave SAEs. The answer is signed with hub-owned PSRD.")
            .Accepts<PostKeyShareRequest>("application/json")
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .Produces<PostKeyShareAnswer>()
            .AddOpenApiOperationTransformer(KeyShareDescription.AddPostParametersAsync);
        group.MapGet("/key-share", GetShareAsync)
            .WithName("GetKeyShare")
            .WithSummary("Fetch a share")
            .WithDescription(
                "Query: client_name, master_sae_id, slave_sae_id, key_id, each once, and bind=1 for an answer that is bound to this request. "
                + "The query is signed with client-owned PSRD (header DSKE-Signature), the share comes encrypted with hub-owned PSRD.")
            .Produces<GetKeyShareAnswer>()
            .AddOpenApiOperationTransformer(KeyShareDescription.AddGetParametersAsync);
        group.MapPost("/key-shares", PostSharesAsync)
            .MaxRequestBody(UnverifiedBodies.MaxBody)
            .WithName("PostKeyShares")
            .WithSummary("Hand in the shares of several keys")
            .WithDescription(
                "On native links: as with a single share, for up to 128 keys with one signature and one pad, at most 2 MiB of shares together. "
                + "The hub stores all of them or none.")
            .Accepts<PostKeySharesRequest>("application/json")
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .Produces<PostKeyShareAnswer>()
            .AddOpenApiOperationTransformer(KeyShareDescription.AddPostParametersAsync);
        group.MapGet("/key-shares", GetSharesAsync)
            .WithName("GetKeyShares")
            .WithSummary("Fetch the shares of several keys")
            .WithDescription(
                "On native links: as with a single share, for up to 128 keys with one signature and one pad. Each share comes, or the reason why not; "
                + "those that would make more than 2 MiB together are left off, to be asked for again.")
            .Produces<GetKeySharesAnswer>()
            .AddOpenApiOperationTransformer(KeyShareDescription.AddGetSharesParametersAsync);
        group.MapGet("/encryptors", GetEncryptorsAsync)
            .WithName("GetEncryptors")
            .WithSummary("Look up who has an encryptor")
            .WithDescription("On native links: the client that has an encryptor, or all clients with their encryptors. Signed like a request for a share.")
            .Produces<EncryptorsAnswer>()
            .AddOpenApiOperationTransformer(KeyShareDescription.AddEncryptorsParametersAsync);
        group.MapGet("/sync", SyncAsync)
            .WithName("GetSync")
            .WithSummary("Agree on blocks and positions")
            .WithDescription(
                "On native links. The client states its blocks and how far it is with each; the hub moves on to there, confirms the blocks that both "
                + "have, gives up the others, and states the same of its own. The query is signed with client-owned PSRD, the answer with hub-owned PSRD "
                + "and bound to the request. Names sizes and positions, never content.")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .Produces<LinkStatement>()
            .AddOpenApiOperationTransformer(KeyShareDescription.AddSyncParametersAsync);
        group.MapGet("/link", GetTurn)
            .WithName("GetLink")
            .WithSummary("Ask what the next sync has to name")
            .WithDescription(
                "For clients to which everything out of band comes by courier. Nobody signs the answer; it tells a client whom it would talk to, and nothing is "
                + "given up on account of it.")
            .Produces<LinkTurn>()
            .AddOpenApiOperationTransformer(KeyShareDescription.AddLinkParametersAsync);
    }

    private static IResult GetTurn(HubEngine hub, HttpContext context)
        => hub.GetTurn(GetRawQuery(context.Request)) is { } turn && !HasBody(context) ? TypedResults.Ok(turn) : HubApi.Refuse(hub, DskeError.MalformedMessage);

    private static Task PostShareAsync(HubEngine hub, HttpContext context, UnverifiedBodies bodies, ILogger<HubEngine> logger)
        => PostAsync(hub, context, bodies, logger, hub.PostKeyShareAsync);

    private static Task PostSharesAsync(HubEngine hub, HttpContext context, UnverifiedBodies bodies, ILogger<HubEngine> logger)
        => PostAsync(hub, context, bodies, logger, hub.PostKeySharesAsync);

    private static async Task PostAsync(HubEngine hub, HttpContext context, UnverifiedBodies bodies, ILogger<HubEngine> logger, Posting post)
    {
        // What has no signature at all is not worth reading.
        if (hub.CheckHeader(GetSignature(context.Request)) is { } refusal)
        {
            await WriteAsync(context, refusal, logger);
            return;
        }

        var status = await bodies.ReadAsync(context, async body =>
            await WriteAsync(context, await post(GetRawQuery(context.Request), body.Span, GetSignature(context.Request)), logger));
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            await WriteAsync(context, hub.RefuseBusy(GetSignature(context.Request)), logger);
        }
        else if (status is { } refused)
        {
            context.Response.StatusCode = refused;
        }
    }

    private static async Task GetShareAsync(HubEngine hub, HttpContext context, ILogger<HubEngine> logger) => await WriteAsync(
        context, await hub.GetKeyShareAsync(GetRawQuery(context.Request), HasBody(context), GetSignature(context.Request), context.RequestAborted), logger);

    private static async Task GetSharesAsync(HubEngine hub, HttpContext context, ILogger<HubEngine> logger) => await WriteAsync(
        context, await hub.GetKeySharesAsync(GetRawQuery(context.Request), HasBody(context), GetSignature(context.Request), context.RequestAborted), logger);

    private static Task GetEncryptorsAsync(HubEngine hub, HttpContext context, ILogger<HubEngine> logger)
        => WriteAsync(context, hub.GetEncryptors(GetRawQuery(context.Request), HasBody(context), GetSignature(context.Request)), logger);

    private static Task SyncAsync(HubEngine hub, HttpContext context, ILogger<HubEngine> logger)
        => WriteAsync(context, hub.Sync(GetRawQuery(context.Request), HasBody(context), GetSignature(context.Request)), logger);

    /// <summary>The server knows in every version of HTTP, headers tell only in some.</summary>
    private static bool HasBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? false;

    private static string GetRawQuery(HttpRequest request) => request.QueryString.Value is { Length: > 0 } query ? query[1..] : string.Empty;

    /// <summary>Null when absent; twice or more is as good as unreadable.</summary>
    private static string? GetSignature(HttpRequest request)
    {
        var values = request.Headers[SignatureHeader.Name];
        return values.Count == 0 ? null : values.Count == 1 ? values[0] : string.Empty;
    }

    private static async Task WriteAsync(HttpContext context, HubAnswer answer, ILogger logger)
    {
        if (answer.Fault is { } fault)
        {
            LogFault(logger, fault, fault.Message);
        }

        if (answer.Error == DskeError.LinkSetBack)
        {
            LogSetBack(logger, SyncQuery.TryParse(GetRawQuery(context.Request), out var sync) ? sync.ClientName.Value : string.Empty);
        }

        if (answer.Error is { } error)
        {
            LogRefused(logger, context.Request.Method, context.Request.Path.Value is { } path ? path[(path.LastIndexOf('/') + 1)..] : string.Empty, DskeErrors.GetName(error), answer.Signature is not null);
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (answer.Signature is { } signature)
        {
            response.Headers[SignatureHeader.Name] = signature;
        }

        await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private delegate ValueTask<HubAnswer> Posting(string query, ReadOnlySpan<byte> body, string? signature);

    [LoggerMessage(1102, LogLevel.Error, "The storage failed: {Message}")]
    private static partial void LogFault(ILogger logger, Exception fault, string message);

    [LoggerMessage(1103, LogLevel.Critical, "Client {Client} has seen PSRD used that this hub knows nothing of: one of the two was set back to an older copy. The link begins anew")]
    private static partial void LogSetBack(ILogger logger, string client);

    [LoggerMessage(1101, LogLevel.Debug, "{Method} {Resource} refused: {Reason} (answer signed: {Signed})")]
    private static partial void LogRefused(ILogger logger, string method, string resource, string reason, bool signed);
}
