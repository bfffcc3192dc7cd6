using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>One client's way to the hubs.</summary>
/// <param name="client">The client.</param>
/// <param name="hubs">The hubs.</param>
/// <param name="isOn">Whether the client's machine runs: otherwise nothing leaves it, and nothing arrives.</param>
internal sealed class InMemoryTransport(NodeName client, IReadOnlyList<InMemoryHub> hubs, Func<bool> isOn) : IHubTransport
{
    private readonly Dictionary<NodeName, InMemoryHub> _hubs = hubs.ToDictionary(hub => hub.Name);

    public Task<HubResponse?> SendAsync(NodeName hub, OutgoingRequest request, CancellationToken cancellationToken)
        => PassAsync(() => _hubs[hub].HandleAsync(client, request, cancellationToken));

    public Task<LinkTurn?> AskTurnAsync(NodeName hub, LinkTurnQuery query, CancellationToken cancellationToken)
        => PassAsync(() => _hubs[hub].TellTurnAsync(query, cancellationToken));

    public Task<RegistrationReply?> RegisterAsync(
        NodeName hub, RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken)
        => PassAsync(() => _hubs[hub].RegisterAsync(request, instance, networkHash, startOver, cancellationToken));

    public Task<PsrdAnswer?> FetchPsrdAsync(
        NodeName hub, NodeName clientName, PoolOwner owner, int size, Dialect dialect, CancellationToken cancellationToken)
        => PassAsync(() => _hubs[hub].IssuePsrdAsync(clientName, owner, size, cancellationToken));

    private async Task<T?> PassAsync<T>(Func<Task<T?>> exchange)
        where T : class
    {
        var answer = isOn() ? await exchange() : null;
        return isOn() ? answer : null;
    }
}
