using System.ComponentModel;
using Dske.Hub.Enrolment;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Access;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Hub.Endpoints;

/// <summary>Blocks of pre-shared random data for clients, out of band: the route stands for a courier.</summary>
internal static class PsrdApi
{
    /// <summary>Maps the route.</summary>
    public static void MapPsrdApi(this IEndpointRouteBuilder routes) => routes
        .MapGet("/dske/oob/v1/psrd", GetPsrdAsync)
        .WithTags("Out of band")
        .ReportStorageFaults()
        .NeedsEnrolment()
        .LocalOnly()
        .StateChanging()
        .WithName("GetPsrd")
        .WithSummary("Fetch a block of PSRD")
        .WithDescription("Makes a fresh block, keeps one copy and hands out the other. Each call makes another block.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .Produces<PsrdAnswer>();

    private static async Task<IResult> GetPsrdAsync(
        [FromQuery(Name = "client_name"), Description("The client that asks; registered before.")] string? clientName,
        [FromQuery(Name = "owner"), Description("Which end will allocate from the block: client or hub.")] string? owner,
        [FromQuery(Name = "pool_owner"), Description("The same, as the reference implementation names it.")] string? poolOwner,
        [Description("The size of the block in bytes.")] long? size,
        HubEngine hub,
        HttpContext context)
    {
        if (clientName is null || size is not { } bytes || !TryParseOwner(owner, poolOwner, out var parsed))
        {
            return HubApi.Refuse(hub, DskeError.MalformedMessage);
        }

        using var block = hub.IssuePsrd(clientName, parsed, bytes, out var error);
        if (block is null)
        {
            return HubApi.Refuse(hub, error!.Value);
        }

        using var body = new SecretBufferWriter((int)(bytes / 3 * 4) + 256);
        MessageJson.Write(block, Dialect.Guide, body);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
        return Results.Empty;
    }

    /// <summary>One of the two names, not both; any case, as the reference has it.</summary>
    internal static bool TryParseOwner(string? owner, string? poolOwner, out PoolOwner parsed)
    {
        parsed = string.Equals(owner ?? poolOwner, "hub", StringComparison.OrdinalIgnoreCase) ? PoolOwner.Hub : PoolOwner.Client;
        return (owner is null) != (poolOwner is null)
            && (parsed == PoolOwner.Hub || string.Equals(owner ?? poolOwner, "client", StringComparison.OrdinalIgnoreCase));
    }
}
