using Dske.Encryptor.Configuration;
using Dske.Encryptor.Links;
using Dske.Protocol.SecureLinks;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Encryptor.Endpoints;

/// <summary>Between encryptors: agrees on the keys of a link, <c>/encryptor/{sae}/api/v1/links/{peer}/epochs</c>.</summary>
internal static class EpochsApi
{
    public static void MapEpochsApi(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/links/{peer}/epochs", TakeAsync)
            .StateChanging()
            .MaxRequestBody(LinkHello.MaxSize)
            .RequireRateLimiting(EncryptorLimits.Epochs)
            .DescribePathParameter(PeerCalls.Parameter, "The SAE ID of the encryptor that calls.", "sofia")
            .Accepts<byte[]>(LinkClient.MediaType)
            .WithName("AgreeOnEpoch")
            .WithSummary("Agree on the keys of a secure link")
            .WithDescription("Between encryptors: takes a hello, which names keys, and answers that this end holds them; takes a ready or a close and answers nothing.")
            .Produces<byte[]>(StatusCodes.Status200OK, LinkClient.MediaType)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesExchangeProblems();

    internal static async Task<Results<FileContentHttpResult, NoContent, ProblemHttpResult>> TakeAsync(
        HttpContext context, EncryptorSettings settings, LinkResponder responder)
    {
        if (!PeerCalls.TryFindCaller(context, settings, out var peer, out var problem))
        {
            return problem;
        }

        if (context.Request.ContentType != LinkClient.MediaType)
        {
            throw new BadHttpRequestException($"Send it as {LinkClient.MediaType}.", StatusCodes.Status415UnsupportedMediaType);
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var verdict = await responder.TakeAsync(peer, body.ToArray(), context.RequestAborted);
        return verdict.Outcome switch
        {
            EpochOutcome.Accepted => TypedResults.Bytes(verdict.Answer!, LinkClient.MediaType),
            EpochOutcome.Taken => TypedResults.NoContent(),
            EpochOutcome.Malformed => Refuse(400, EncryptorProblems.InvalidRequest, "The body is no message of the agreement."),
            EpochOutcome.Foreign => EncryptorProblems.NoSuchPeer(StatusCodes.Status403Forbidden, peer.SaeId.Value),
            EpochOutcome.OtherInstance => Refuse(409, EncryptorProblems.LinkInstance, "This end of the link has another instance.", verdict.Instance),
            EpochOutcome.Replayed => Refuse(409, EncryptorProblems.LinkReplayed, "The hello came before, or should have. Nothing was changed."),
            EpochOutcome.DrivenHere => Refuse(409, EncryptorProblems.LinkDrivenHere, "The link was asked for here as well, and this end keeps it."),
            EpochOutcome.NotConfirmed => Refuse(409, EncryptorProblems.NotConfirmed, "The message does not prove that its sender holds the keys."),
            EpochOutcome.KmeFailed => EncryptorProblems.Of(verdict.KmeFailure!, context),
            _ => Limit(context),
        };
    }

    private static ProblemHttpResult Limit(HttpContext context)
    {
        EncryptorProblems.SetRetryAfter(context.Response, EncryptorProblems.DefaultRetryAfter);
        return Refuse(429, EncryptorProblems.LinkLimited, "Each hello costs keys, and there were too many of them.");
    }

    private static ProblemHttpResult Refuse(int status, string type, string detail, Guid? instance = null)
    {
        var problem = new ProblemDetails { Status = status, Type = type, Detail = detail };
        if (instance is { } id)
        {
            problem.Extensions["instance_ID"] = id.ToString("D");
        }

        return TypedResults.Problem(problem);
    }
}
