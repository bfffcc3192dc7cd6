using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>One client's way to the hubs.</summary>
internal sealed class InMemoryTransport(NodeName client, IReadOnlyList<InMemoryHub> hubs) : IHubTransport
{
    private readonly Dictionary<NodeName, InMemoryHub> _hubs = hubs.ToDictionary(hub => hub.Name);

    public Task<HubResponse?> SendAsync(NodeName hub, OutgoingRequest request, CancellationToken cancellationToken)
        => _hubs[hub].HandleAsync(client, request, cancellationToken);

    public Task<RegistrationReply?> RegisterAsync(
        NodeName hub, RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken)
        => _hubs[hub].RegisterAsync(request, instance, networkHash, startOver, cancellationToken);

    public Task<PsrdAnswer?> FetchPsrdAsync(
        NodeName hub, NodeName clientName, PoolOwner owner, int size, Dialect dialect, CancellationToken cancellationToken)
        => _hubs[hub].IssuePsrdAsync(clientName, owner, size, cancellationToken);
}
