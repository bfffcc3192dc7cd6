using Dske.Protocol.Clients;
using Dske.Protocol.Management;
using Dske.ServiceDefaults.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Client.Endpoints;

/// <summary>Management: how the links to the hubs are, and how to stop the client.</summary>
internal static class ManagementApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapManagementApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapClientGroup("/mgmt/v1").LocalOnly().WithTags("Management").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/status", GetStatus)
            .WithName("GetStatus")
            .WithSummary("Report encryptors, hubs and PSRD")
            .WithDescription("Names, sizes and counts; no byte of PSRD, of a share or of a key.");
        group.MapPost("/stop", Stop)
            .WithName("PostStop")
            .WithSummary("Stop the client")
            .WithDescription("Answers first, then ends the process. Requests under way are finished; what the client keeps in memory only is gone.");
    }

    private static Ok<ClientReport> GetStatus(ClientEngine client) => TypedResults.Ok(ClientReport.Of(client));

    private static Accepted<StopAnswer> Stop(ClientEngine client, IHostApplicationLifetime lifetime, HttpContext context)
    {
        context.Response.OnCompleted(() =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        });
        return TypedResults.Accepted((string?)null, new StopAnswer { Name = client.Name.Value });
    }
}
