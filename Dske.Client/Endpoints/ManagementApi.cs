using Dske.Protocol.Clients;
using Dske.Protocol.Management;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Management;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Client.Endpoints;

/// <summary>Management: how the links to the hubs are, and how to stop the client.</summary>
internal static class ManagementApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapManagementApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/mgmt/v1").WithTags("Management").LocalOnly();
        group.MapGet("/status", GetStatus)
            .WithName("GetStatus")
            .WithSummary("Report encryptors, hubs and PSRD")
            .WithDescription("Names, sizes and counts; no byte of PSRD, of a share or of a key.");
        group.MapPost("/stop", Stop)
            .OperatorOnly()
            .WithName("PostStop")
            .WithSummary("Stop the client")
            .WithDescription("Answers first, then ends the process. Requests under way are finished; what the client keeps in memory only is gone.");
    }

    private static Ok<ClientReport> GetStatus(ClientEngine client) => TypedResults.Ok(ClientReport.Of(client));

    private static Accepted<StopAnswer> Stop(ClientEngine client, HttpContext context)
    {
        context.StopNodeOnceAnswered();
        return TypedResults.Accepted((string?)null, new StopAnswer { Name = client.Name.Value });
    }
}
