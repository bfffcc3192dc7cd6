using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.ServiceDefaults.Routing;

namespace Dske.Hub.Endpoints;

/// <summary>All routes of a hub, and what they share: the name in the path has to be its own.</summary>
internal static partial class HubApi
{
    /// <summary>Maps <c>/hub/{hub}</c>, which a reverse proxy can dispatch on.</summary>
    public static void MapHub(this IEndpointRouteBuilder routes)
    {
        var hub = routes.MapGroup("/hub/{hub}").ServesOnly(
            "hub",
            static services => services.GetRequiredService<HubEngine>().Name.Value,
            DskeErrors.GetProblemType(DskeError.WrongNode));
        hub.MapRegistrationApi();
        hub.MapPsrdApi();
        hub.MapKeyShareApi();
        hub.MapManagementApi();
        hub.MapCourierApi();
    }

    /// <summary>Answers with 503, and logs which file, when the storage fails under a route that is not in-band.</summary>
    public static TBuilder ReportStorageFaults<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder
        => route.AddEndpointFilter(static async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (IOException e) when (!context.HttpContext.Response.HasStarted)
            {
                LogFault(context.HttpContext.RequestServices.GetRequiredService<ILogger<HubEngine>>(), e, e.Message);
                return Refuse(context.HttpContext.RequestServices.GetRequiredService<HubEngine>(), DskeError.StorageFailed);
            }
        });

    [LoggerMessage(1104, LogLevel.Error, "The storage failed: {Message}")]
    private static partial void LogFault(ILogger logger, Exception fault, string message);

    /// <summary>An error answer that says more than its type does. It is counted.</summary>
    public static IResult RefuseWithDetail(HubEngine hub, DskeError error, string detail)
    {
        hub.Rejections.Count(error);
        return TypedResults.Problem(detail, statusCode: DskeErrors.GetStatus(error), type: DskeErrors.GetProblemType(error), title: DskeErrors.GetTitle(error));
    }

    /// <summary>An error answer on a route that is not in-band. It is counted.</summary>
    public static IResult Refuse(HubEngine hub, DskeError error)
    {
        hub.Rejections.Count(error);
        return TypedResults.Problem(
            statusCode: DskeErrors.GetStatus(error), type: DskeErrors.GetProblemType(error), title: DskeErrors.GetTitle(error));
    }
}
