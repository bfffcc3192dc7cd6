using Dske.Protocol.Clients;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// What can happen to a message between a client and a hub. A fault stands between the two: it may deliver the message or not, and
/// let the client have the answer, another one, or none.
/// </summary>
/// <param name="exchange">The message.</param>
/// <param name="deliver">Brings the message to the hub, or to the next fault, and gets its answer.</param>
/// <param name="cancellationToken">The client gives up.</param>
/// <returns>What the client gets; null when no answer reaches it.</returns>
internal delegate Task<HubResponse?> Fault(InBandExchange exchange, Func<Task<HubResponse?>> deliver, CancellationToken cancellationToken);
