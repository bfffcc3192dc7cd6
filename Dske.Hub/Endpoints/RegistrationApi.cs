using System.ComponentModel;
using Dske.Hub.Enrolment;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Hub.Endpoints;

/// <summary>Registration of clients, out of band: the route stands for a courier.</summary>
internal static partial class RegistrationApi
{
    /// <summary>Maps the route.</summary>
    public static void MapRegistrationApi(this IEndpointRouteBuilder routes) => routes
        .MapPut("/dske/oob/v1/registration", Register)
        .WithTags("Out of band")
        .ReportStorageFaults()
        .NeedsEnrolment()
        .LocalOnly()
        .MaxRequestBody(1024 * 1024)
        .WithName("PutRegistration")
        .WithSummary("Register a client")
        .WithDescription(
            "Makes a client and its encryptors known to the hub. Repeating it changes nothing, as long as the client's instance stays the same. "
            + "Another instance, proven by an enrolment token, begins anew: the client's earlier PSRD is dropped. The answer to one of our clients "
            + "says where the hub is with the blocks of the link.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .Produces<RegistrationAnswer>();

    private static IResult Register(
        RegistrationRequest request,
        [FromHeader(Name = DskeHeaders.Instance), Description("A UUID that the client keeps with its state.")] Guid? instance,
        [FromHeader(Name = DskeHeaders.Network), Description("The hash of hubs, order and threshold that the client means.")] string? network,
        [FromHeader(Name = DskeHeaders.StartOver), Description("1 asks for new pools: the client has lost track of the old ones.")] string? startOver,
        HubEngine hub,
        HttpContext context,
        ILogger<HubEngine> logger)
    {
        var result = hub.Register(request, instance, network, startOver == "1", isProven: context.GetEnrolment() is not null);
        if (result.Error is { } error)
        {
            // A name that is none could hold anything, line breaks included.
            LogRefused(logger, NodeName.TryParse(request.ClientName, out var name) ? name.Value : "(no name)", DskeErrors.GetName(error));
            return HubApi.Refuse(hub, error);
        }

        if (result.ReplacedPools)
        {
            if (result.Statement is not null)
            {
                context.Response.Headers[DskeHeaders.PoolsReplaced] = "1";
            }

            LogReplaced(logger, request.ClientName);
        }

        if (result.NetworkMismatch)
        {
            LogMismatch(logger, request.ClientName);
        }

        context.Response.Headers[DskeHeaders.Instance] = hub.Instance.ToString("D");
        context.Response.Headers[DskeHeaders.Network] = hub.NetworkHash;
        return TypedResults.Ok(new RegistrationAnswer { HubName = hub.Name.Value, Link = result.Statement });
    }

    [LoggerMessage(1001, LogLevel.Warning, "Registration of client {Client} refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string client, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Client {Client} begins with new pools; what there was before is erased")]
    private static partial void LogReplaced(ILogger logger, string client);

    [LoggerMessage(1003, LogLevel.Error, "Client {Client} means another network: compare hubs, their order and the threshold in both configurations")]
    private static partial void LogMismatch(ILogger logger, string client);
}
