using Dske.Protocol.Hubs;
using Dske.Protocol.Management;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Management;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Hub.Endpoints;

/// <summary>Management: what the hub is doing, and how to stop it.</summary>
internal static class ManagementApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapManagementApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/mgmt/v1").WithTags("Management").LocalOnly();
        group.MapGet("/status", GetStatus)
            .WithName("GetStatus")
            .WithSummary("Report clients, PSRD and shares")
            .WithDescription("Names, sizes and counts; no byte of PSRD or of a share.");
        group.MapPost("/stop", Stop)
            .OperatorOnly()
            .WithName("PostStop")
            .WithSummary("Stop the hub")
            .WithDescription("Answers first, then ends the process. Requests under way are finished; what the hub keeps in memory only is gone.");
    }

    private static Ok<HubReport> GetStatus(HubEngine hub) => TypedResults.Ok(HubReport.Of(hub));

    private static Accepted<StopAnswer> Stop(HubEngine hub, HttpContext context)
    {
        context.StopNodeOnceAnswered();
        return TypedResults.Accepted((string?)null, new StopAnswer { Name = hub.Name.Value });
    }
}
