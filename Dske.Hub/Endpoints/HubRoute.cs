using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;

namespace Dske.Hub.Endpoints;

/// <summary>What all routes of a hub share: the name in the path has to be its own.</summary>
internal static class HubRoute
{
    /// <summary>A group below <c>/hub/{hub}</c>, which a reverse proxy can dispatch on.</summary>
    public static RouteGroupBuilder MapHubGroup(this IEndpointRouteBuilder routes, string path, string tag)
        => routes.MapGroup($"/hub/{{hub}}{path}")
            .AddEndpointFilter(async (context, next) =>
                context.HttpContext.GetRouteValue("hub") as string == context.HttpContext.RequestServices.GetRequiredService<HubEngine>().Name.Value
                    ? await next(context)
                    : Refuse(DskeError.WrongNode))
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithTags(tag);

    /// <summary>An error answer on a route that is not in-band.</summary>
    public static IResult Refuse(DskeError error) => TypedResults.Problem(
        statusCode: DskeErrors.GetStatus(error), type: DskeErrors.GetProblemType(error), title: DskeErrors.GetTitle(error));
}
