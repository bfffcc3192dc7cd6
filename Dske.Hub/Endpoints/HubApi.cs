using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.ServiceDefaults.Routing;

namespace Dske.Hub.Endpoints;

/// <summary>All routes of a hub, and what they share: the name in the path has to be its own.</summary>
internal static class HubApi
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
    }

    /// <summary>An error answer on a route that is not in-band.</summary>
    public static IResult Refuse(DskeError error) => TypedResults.Problem(
        statusCode: DskeErrors.GetStatus(error), type: DskeErrors.GetProblemType(error), title: DskeErrors.GetTitle(error));
}
