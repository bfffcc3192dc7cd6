using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.ServiceDefaults.Routing;

namespace Dske.Hub.Endpoints;

/// <summary>What all routes of a hub share: the name in the path has to be its own.</summary>
internal static class HubRoute
{
    /// <summary>A group below <c>/hub/{hub}</c>, which a reverse proxy can dispatch on.</summary>
    public static RouteGroupBuilder MapHubGroup(this IEndpointRouteBuilder routes, string path, string tag)
        => routes.MapGroup($"/hub/{{hub}}{path}")
            .ServesOnly("hub", static services => services.GetRequiredService<HubEngine>().Name.Value, DskeErrors.GetProblemType(DskeError.WrongNode))
            .WithTags(tag);

    /// <summary>An error answer on a route that is not in-band.</summary>
    public static IResult Refuse(DskeError error) => TypedResults.Problem(
        statusCode: DskeErrors.GetStatus(error), type: DskeErrors.GetProblemType(error), title: DskeErrors.GetTitle(error));
}
