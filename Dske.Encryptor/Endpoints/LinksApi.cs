using Dske.Encryptor.Configuration;
using Dske.Encryptor.Links;
using Dske.Encryptor.Tunnels;
using Dske.Protocol.SecureLinks;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Encryptor.Endpoints;

/// <summary>Says which links there are to be, and how they are: <c>/encryptor/{sae}/api/v1/links</c>.</summary>
internal static class LinksApi
{
    private const int MaxBodyBytes = 4 * 1024;

    public static void MapLinksApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/links", List)
            .LocalOnly()
            .OperatorOnly()
            .WithName("ListLinks")
            .WithSummary("List the secure links")
            .WithDescription("The links that were asked for here, and those that peers keep, as they are at the moment.")
            .AddOpenApiOperationTransformer(Examples.OfLinks);

        var link = routes.MapGroup("/links/{peer}")
            .LocalOnly()
            .DescribePathParameter(PeerCalls.Parameter, "The SAE ID of a peer.", "sofia");
        link.MapGet("", Get)
            .OperatorOnly()
            .WithName("GetLink")
            .WithSummary("Look at a secure link")
            .WithDescription("The link to one peer as it is at the moment.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddOpenApiOperationTransformer(Examples.OfLink);
        link.MapPut("", PutAsync)
            .OperatorOnly()
            .MaxRequestBody(MaxBodyBytes)
            .WithName("PutLink")
            .WithSummary("Keep a secure link to a peer")
            .WithDescription(
                "Gets fresh keys from the KME, agrees on them with the peer, and does so again and again as it is told. The answer does not wait for the first "
                + "keys. The link comes back by itself after a restart of either encryptor. Asked for at both ends, it is kept by the one whose SAE ID is the lower.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(Examples.OfLink);
        link.MapDelete("", DeleteAsync)
            .OperatorOnly()
            .WithName("DeleteLink")
            .WithSummary("Take a secure link down")
            .WithDescription("Ends the link and its connections, and zeroes its keys at both ends. A link that the peer keeps is taken down there.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    internal static Ok<LinkList> List(LinkTable links, TimeProvider time) =>
        TypedResults.Ok(new LinkList { Links = [.. links.All.Select(link => LinkStatus.Of(link, time))] });

    internal static Results<Ok<LinkStatus>, ProblemHttpResult> Get(HttpContext context, EncryptorSettings settings, LinkTable links, TimeProvider time)
    {
        if (!PeerCalls.TryFindPeer(context, settings, out var peer, out var problem))
        {
            return problem;
        }

        return links.Find(peer.SaeId) is { } link ? TypedResults.Ok(LinkStatus.Of(link, time)) : NoSuchLink(peer);
    }

    internal static async Task<Results<Ok<LinkStatus>, ProblemHttpResult>> PutAsync(
        LinkRequest request, HttpContext context, EncryptorSettings settings, LinkConfiguration configuration, LinkTable links, TimeProvider time)
    {
        if (!PeerCalls.TryFindPeer(context, settings, out var peer, out var problem))
        {
            return problem;
        }

        if (request.FindErrors() is { Count: > 0 } errors)
        {
            return EncryptorProblems.Invalid(errors);
        }

        return await configuration.PutAsync(peer, request) is { } why ? NotKept(why, context) : TypedResults.Ok(LinkStatus.Of(links.GetOrAdd(peer), time));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        HttpContext context, EncryptorSettings settings, LinkConfiguration configuration, LinkTable links, TunnelTable tunnels)
    {
        if (!PeerCalls.TryFindPeer(context, settings, out var peer, out var problem))
        {
            return problem;
        }

        if (links.Find(peer.SaeId) is not { } link)
        {
            return NoSuchLink(peer);
        }

        if (link.Settings is null)
        {
            return TypedResults.Problem(
                $"The link was asked for at '{peer.SaeId}': take it down there.",
                statusCode: StatusCodes.Status409Conflict,
                type: EncryptorProblems.LinkDrivenByPeer);
        }

        if (tunnels.Uses(peer.SaeId) && link.Session is not { Role: LinkRole.Responder })
        {
            return TypedResults.Problem(
                "A tunnel uses the link: take the tunnel down first.",
                statusCode: StatusCodes.Status409Conflict,
                type: EncryptorProblems.LinkInUse);
        }

        return await configuration.RemoveAsync(peer) is { } why ? NotKept(why, context) : TypedResults.NoContent();
    }

    /// <summary>A change that could not be written down, so that nothing was changed.</summary>
    internal static ProblemHttpResult NotKept(string why, HttpContext context)
    {
        EncryptorProblems.SetRetryAfter(context.Response, EncryptorProblems.DefaultRetryAfter);
        return TypedResults.Problem(why, statusCode: StatusCodes.Status503ServiceUnavailable, type: EncryptorProblems.NotKept);
    }

    internal static ProblemHttpResult NoSuchLink(Peer peer) => TypedResults.Problem(
        $"There is no link to '{peer.SaeId}': PUT makes one.", statusCode: StatusCodes.Status404NotFound, type: EncryptorProblems.UnknownLink);
}
