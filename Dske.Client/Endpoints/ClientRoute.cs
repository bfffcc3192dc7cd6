using Dske.Protocol.Clients;
using Dske.Protocol.Errors;

namespace Dske.Client.Endpoints;

/// <summary>What the routes below <c>/client/{client}</c> share: the name in the path has to be the client's own.</summary>
internal static class ClientRoute
{
    /// <summary>A group below <c>/client/{client}</c>, which a reverse proxy can dispatch on.</summary>
    public static RouteGroupBuilder MapClientGroup(this IEndpointRouteBuilder routes, string path)
        => routes.MapGroup($"/client/{{client}}{path}")
            .AddEndpointFilter(async (context, next) =>
                context.HttpContext.GetRouteValue("client") as string == context.HttpContext.RequestServices.GetRequiredService<ClientEngine>().Name.Value
                    ? await next(context)
                    : TypedResults.Problem(
                        statusCode: DskeErrors.GetStatus(DskeError.WrongNode),
                        type: DskeErrors.GetProblemType(DskeError.WrongNode),
                        title: DskeErrors.GetTitle(DskeError.WrongNode)));
}
