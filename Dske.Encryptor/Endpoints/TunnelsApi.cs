using Dske.Encryptor.Configuration;
using Dske.Encryptor.Links;
using Dske.Encryptor.Tunnels;
using Dske.Protocol.Identifiers;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Dske.Encryptor.Endpoints;

/// <summary>Says which tunnels begin here: <c>/encryptor/{sae}/api/v1/tunnels</c>.</summary>
internal static class TunnelsApi
{
    private const int MaxBodyBytes = 4 * 1024;
    private const string Parameter = "name";

    public static void MapTunnelsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tunnels", List)
            .LocalOnly()
            .OperatorOnly()
            .WithName("ListTunnels")
            .WithSummary("List the tunnels")
            .WithDescription("The tunnels that begin at this encryptor.")
            .AddOpenApiOperationTransformer(Examples.OfTunnels);

        var tunnel = routes.MapGroup("/tunnels/{name}")
            .LocalOnly()
            .DescribePathParameter(Parameter, "The name of a tunnel: 1 to 63 of a-z, A-Z, 0-9, '-', '_' and '.'.", "web");
        tunnel.MapGet("", Get)
            .OperatorOnly()
            .WithName("GetTunnel")
            .WithSummary("Look at a tunnel")
            .WithDescription("One tunnel as it is at the moment.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddOpenApiOperationTransformer(Examples.OfTunnel);
        tunnel.MapPut("", PutAsync)
            .OperatorOnly()
            .MaxRequestBody(MaxBodyBytes)
            .WithName("PutTunnel")
            .WithSummary("Make a tunnel")
            .WithDescription(
                "Listens, and carries each TCP connection over the link to the peer and on to the target. The tunnel comes back after a restart. It needs a link, and "
                + "the peer has to allow the target; until then its connections are reset.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .AddOpenApiOperationTransformer(Examples.OfTunnel);
        tunnel.MapDelete("", DeleteAsync)
            .OperatorOnly()
            .WithName("DeleteTunnel")
            .WithSummary("Take a tunnel down")
            .WithDescription("Stops to listen, and resets the connections that are open.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    internal static Ok<TunnelList> List(TunnelTable tunnels) => TypedResults.Ok(new TunnelList { Tunnels = [.. tunnels.All.Select(TunnelStatus.Of)] });

    internal static Results<Ok<TunnelStatus>, ProblemHttpResult> Get(HttpContext context, TunnelTable tunnels)
    {
        var name = context.GetRouteText(Parameter);
        return tunnels.Find(name) is { } tunnel ? TypedResults.Ok(TunnelStatus.Of(tunnel)) : NoSuchTunnel();
    }

    internal static async Task<Results<Ok<TunnelStatus>, ProblemHttpResult>> PutAsync(
        TunnelRequest request,
        HttpContext context,
        EncryptorSettings settings,
        IOptions<TunnelOptions> options,
        LinkConfiguration configuration,
        TunnelTable tunnels)
    {
        var name = context.GetRouteText(Parameter);
        var errors = request.FindErrors(options.Value.ListenBeyondLoopback);
        if (!TunnelRequest.IsName(name))
        {
            errors[Parameter] = ["A tunnel's name is 1 to 63 of a-z, A-Z, 0-9, '-', '_' and '.'."];
        }

        if (errors.Count > 0)
        {
            return EncryptorProblems.Invalid(errors);
        }

        if (!settings.Peers.TryGetValue(SaeId.Parse(request.Peer), out var peer))
        {
            return EncryptorProblems.NoSuchPeer(StatusCodes.Status404NotFound, request.Peer);
        }

        if (tunnels.Find(name) is null && tunnels.All.Count >= TunnelTable.Capacity)
        {
            return NotMade($"An encryptor has at most {TunnelTable.Capacity} tunnels.");
        }

        return await configuration.PutAsync(request.ToSettings(name, peer), request) is { } why
            ? NotMade(why)
            : TypedResults.Ok(TunnelStatus.Of(tunnels.Find(name)!));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(HttpContext context, LinkConfiguration configuration, TunnelTable tunnels)
    {
        var name = context.GetRouteText(Parameter);
        if (tunnels.Find(name) is null)
        {
            return NoSuchTunnel();
        }

        return await configuration.RemoveTunnelAsync(name) is { } why ? LinksApi.NotKept(why, context) : TypedResults.NoContent();
    }

    private static ProblemHttpResult NotMade(string why) =>
        TypedResults.Problem(why, statusCode: StatusCodes.Status409Conflict, type: EncryptorProblems.TunnelNotMade);

    private static ProblemHttpResult NoSuchTunnel() =>
        TypedResults.Problem("There is no tunnel of that name.", statusCode: StatusCodes.Status404NotFound, type: EncryptorProblems.UnknownTunnel);
}
