using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>How a client reaches its hubs. Implementations send every message once: no retries of their own.</summary>
public interface IHubTransport
{
    /// <summary>Sends an in-band request.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the waiting; the request counts as sent all the same.</param>
    /// <returns>The response, or null when none came: unreachable, reset, or larger than any proper one.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<HubResponse?> SendAsync(NodeName hub, OutgoingRequest request, CancellationToken cancellationToken);

    /// <summary>Asks one of our hubs, in band and unsigned, what a client has to know before it syncs.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it says, which anybody may have made up; null when no answer came or it was none.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<LinkTurn?> AskTurnAsync(NodeName hub, LinkTurnQuery query, CancellationToken cancellationToken);

    /// <summary>Registers the client, out of band.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="request">The request's body.</param>
    /// <param name="instance">The client's instance, sent as a header.</param>
    /// <param name="networkHash">The hash of the network that the client means, sent as a header.</param>
    /// <param name="startOver">Whether to ask for new pools, by a header: the client has lost track of the old ones.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The hub's answer, or null when none came or it was no success.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<RegistrationReply?> RegisterAsync(
        NodeName hub, RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken);

    /// <summary>Fetches a block of PSRD, out of band.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="client">The client's name.</param>
    /// <param name="owner">Which end will allocate from the block.</param>
    /// <param name="size">The size to ask for, in bytes.</param>
    /// <param name="dialect">How the hub names its parameters.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The block, which the caller disposes, or null when none came.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<PsrdAnswer?> FetchPsrdAsync(
        NodeName hub, NodeName client, PoolOwner owner, int size, Dialect dialect, CancellationToken cancellationToken);
}
