using Dske.Encryptor.Configuration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Encryptor.Endpoints;

/// <summary>Says who this encryptor is and whom it knows: <c>/encryptor/{sae}/api/v1/peers</c>.</summary>
internal static class PeersApi
{
    public static void MapPeersApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/peers", List)
            .WithName("ListPeers")
            .WithSummary("List the peers")
            .WithDescription("This encryptor, its KME, and the encryptors that it is configured to establish keys with.");

    internal static Ok<PeerList> List(EncryptorSettings settings) => TypedResults.Ok(new PeerList
    {
        SaeId = settings.SaeId.Value,
        Kme = settings.KmeName.Value,
        Peers = [.. settings.Peers.Keys.Select(peer => peer.Value).Order(StringComparer.Ordinal)],
    });
}
