using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace Dske.AppHost.Control;

/// <summary>
/// <c>GET /resources</c>, <c>POST /resources/{name}/{start|stop|restart}</c>, and <c>POST /stop</c>, which ends the network. A web page that the user happens to visit reaches
/// loopback too: hence the token, and no answer to a foreign <c>Host</c> or <c>Origin</c>.
/// </summary>
internal sealed class ResourceControlApi(
    IEnumerable<NetworkNode> nodes,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ControlToken token,
    IHostApplicationLifetime lifetime)
{
    private readonly Dictionary<string, NetworkNode> _nodes = nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        var guarded = routes.MapGroup("");
        guarded.AddEndpointFilter(async (context, next) => Refuse(context.HttpContext) ?? await next(context));
        guarded.MapPost("/stop", Stop);
        var resources = guarded.MapGroup("/resources");
        resources.MapGet("", List);
        resources.MapPost("/{name}/start", StartAsync);
        resources.MapPost("/{name}/stop", (string name) => ExecuteAsync(name, KnownResourceCommands.StopCommand));
        resources.MapPost("/{name}/restart", (string name) => ExecuteAsync(name, KnownResourceCommands.RestartCommand));
    }

    private IResult? Refuse(HttpContext context)
    {
        var request = context.Request;
        var own = $"{request.Scheme}://{request.Host}";
        if (!IsOwnHost(request.Host, context.Connection.LocalPort))
        {
            return Problem(StatusCodes.Status403Forbidden, "This is not the host that you take it for: use the address of control.json.");
        }

        if (request.Headers.Origin is { Count: > 0 } origin && origin != own)
        {
            return Problem(StatusCodes.Status403Forbidden, "Requests from other web sites are refused.");
        }

        if (!token.IsCarriedBy(request.Headers.Authorization))
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
            return Problem(StatusCodes.Status401Unauthorized, "Send the token of control.json: Authorization: Bearer TOKEN.");
        }

        return null;
    }

    private static bool IsOwnHost(HostString host, int port) => host.Port == port && host.Host is "127.0.0.1" or "localhost";

    // Answers first: the server that answers ends with the network.
    private IResult Stop(HttpContext context)
    {
        context.Response.OnCompleted(() =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        });
        return Results.Accepted();
    }

    private IResult List()
    {
        ResourceStatus[] status = [.. _nodes.Values.Select(node => ResourceStatus.Of(node, notifications))];
        return Results.Json(status, ResourceControlJson.Default.ResourceStatusArray);
    }

    // To start what runs is to do nothing. The command would start it anew.
    private async Task<IResult> StartAsync(string name) =>
        _nodes.TryGetValue(name, out var node) && ResourceStatus.Of(node, notifications).State == KnownResourceStates.Running
            ? Answer(node)
            : await ExecuteAsync(name, KnownResourceCommands.StartCommand);

    // Whoever asked may go away: a restart that ended half-way would leave the node stopped.
    private async Task<IResult> ExecuteAsync(string name, string command)
    {
        if (!_nodes.TryGetValue(name, out var node))
        {
            return Problem(StatusCodes.Status404NotFound, "There is no such node: GET /resources lists them.");
        }

        var result = await commands.ExecuteCommandAsync(name, command, lifetime.ApplicationStopping);
        return result.Success
            ? Answer(node)
            : Problem(StatusCodes.Status409Conflict, result.ErrorMessage ?? "The command was cancelled.");
    }

    private IResult Answer(NetworkNode node) =>
        Results.Json(ResourceStatus.Of(node, notifications), ResourceControlJson.Default.ResourceStatus);

    private static IResult Problem(int status, string detail) => Results.Problem(statusCode: status, detail: detail);
}
