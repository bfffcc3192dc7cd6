using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.ServiceDefaults.Routing;

namespace Dske.Client.Endpoints;

/// <summary>What the routes below <c>/client/{client}</c> share: the name in the path has to be the client's own.</summary>
internal static class ClientRoute
{
    /// <summary>A group below <c>/client/{client}</c>, which a reverse proxy can dispatch on.</summary>
    public static RouteGroupBuilder MapClientGroup(this IEndpointRouteBuilder routes, string path)
        => routes.MapGroup($"/client/{{client}}{path}")
            .ServesOnly("client", static services => services.GetRequiredService<ClientEngine>().Name.Value, DskeErrors.GetProblemType(DskeError.WrongNode));
}
