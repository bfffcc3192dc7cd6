using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;

namespace Dske.Tests.Network.InMemory;

/// <summary>Hands in-band requests to a hub, as its routes do.</summary>
internal static class HubEngineExtensions
{
    public static async Task<HubAnswer> HandleAsync(this HubEngine hub, OutgoingRequest request, CancellationToken cancellationToken)
    {
        var hasBody = request.Body.Length > 0;
        return request switch
        {
            { IsPost: true, Resource: OutgoingRequest.KeyShares } => await hub.PostKeySharesAsync(request.Query, request.Body.Span, request.Signature),
            { IsPost: true } => await hub.PostKeyShareAsync(request.Query, request.Body.Span, request.Signature),
            { Resource: OutgoingRequest.KeyShares } => await hub.GetKeySharesAsync(request.Query, hasBody, request.Signature, cancellationToken),
            { Resource: OutgoingRequest.Encryptors } => hub.GetEncryptors(request.Query, hasBody, request.Signature),
            { Resource: OutgoingRequest.Sync } => hub.Sync(request.Query, hasBody, request.Signature),
            _ => await hub.GetKeyShareAsync(request.Query, hasBody, request.Signature, cancellationToken),
        };
    }
}
