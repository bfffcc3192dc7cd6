using Dske.Encryptor.Configuration;
using Dske.Encryptor.Links;
using Dske.Encryptor.Tunnels;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Dske.Encryptor.Endpoints;

/// <summary>Between encryptors: a connection becomes a stream of a link, <c>/encryptor/{sae}/api/v1/links/{peer}/streams</c>.</summary>
internal static class StreamsApi
{
    public static void MapStreamsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/links/{peer}/streams", ServeAsync)
            .StateChanging()
            .DescribePathParameter(PeerCalls.Parameter, "The SAE ID of the encryptor that calls.", "sofia")
            .WithName("OpenStream")
            .WithSummary("Open a stream of a secure link")
            .WithDescription($"Between encryptors, by Upgrade: {LinkClient.Protocol} (RFC 9110 section 7.8). What goes over the connection then is documented with the protocol.")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status426UpgradeRequired)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    internal static async Task<IResult> ServeAsync(
        HttpContext context, EncryptorSettings settings, LinkTable links, StreamAccepter accepter)
    {
        if (!PeerCalls.TryFindCaller(context, settings, out var peer, out var problem))
        {
            return problem;
        }

        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !string.Equals(context.Request.Headers.Upgrade, LinkClient.Protocol, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.Upgrade = LinkClient.Protocol;
            return TypedResults.Problem(
                $"This route is a stream by Upgrade: {LinkClient.Protocol}.",
                statusCode: StatusCodes.Status426UpgradeRequired,
                type: EncryptorProblems.NotUpgraded);
        }

        if (links.Find(peer.SaeId) is not { Session: { } session } link)
        {
            return TypedResults.Problem("The link is not up.", statusCode: StatusCodes.Status409Conflict, type: EncryptorProblems.LinkDown);
        }

        if (!session.TryReserve())
        {
            EncryptorProblems.SetRetryAfter(context.Response, EncryptorProblems.DefaultRetryAfter);
            return TypedResults.Problem(
                "The link has as many streams as it takes.", statusCode: StatusCodes.Status503ServiceUnavailable, type: EncryptorProblems.Busy);
        }

        try
        {
            await UpgradeAsync(context, upgrade, link, session, accepter);
        }
        finally
        {
            session.Release();
        }

        return TypedResults.Empty;
    }

    private static async Task UpgradeAsync(HttpContext context, IHttpUpgradeFeature upgrade, Link link, LinkSession session, StreamAccepter accepter)
    {
        // A stream may rest as long as its ends like: its receiver holds it up, or nobody has anything to say.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } sending)
        {
            sending.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } receiving)
        {
            receiving.MinDataRate = null;
        }

        context.Response.Headers.Upgrade = LinkClient.Protocol;
        await using var transport = await upgrade.UpgradeAsync();
        if (!await accepter.ServeAsync(link, session, transport, context.RequestAborted))
        {
            context.Abort();
        }
    }
}
