using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.ServiceDefaults.Routing;

namespace Dske.Client.Endpoints;

/// <summary>All routes of a client, and what they share: where its name is in the path, it has to be its own.</summary>
internal static class ClientApi
{
    /// <summary>Maps <c>/client/{client}</c>, which a reverse proxy can dispatch on, and at the root what equipment expects there.</summary>
    public static void MapClient(this IEndpointRouteBuilder routes)
    {
        var client = routes.MapGroup("/client/{client}").ServesOnly(
            "client",
            static services => services.GetRequiredService<ClientEngine>().Name.Value,
            DskeErrors.GetProblemType(DskeError.WrongNode));
        client.MapKeyDeliveryApi("/etsi", "OfClient");
        client.MapManagementApi();
        client.MapCourierApi();
        routes.MapKeyDeliveryApi(string.Empty, string.Empty);
        if (routes.ServiceProvider.GetRequiredService<IConfiguration>().IsSkipEnabled())
        {
            routes.MapSkipApi("Skip");
            client.MapGroup(SkipPaths.Segment).MapSkipApi("ClientSkip");
        }
    }
}
