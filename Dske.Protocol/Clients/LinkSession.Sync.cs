using Dske.Protocol.Authentication;
using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>How a client agrees with a hub on blocks and positions, over a native link.</summary>
public sealed partial class LinkSession
{
    /// <summary>
    /// Whether both ends agree on where they are. Nothing but a sync is sent before that. Links to other implementations have no sync, and
    /// count as synced.
    /// </summary>
    public bool IsSynced => _isSynced;

    /// <summary>Signs a sync: which blocks this end has, those that wait for confirmation included, and where it is with each.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="turn">The turn that the hub named last.</param>
    /// <param name="request">The request, when the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <param name="enrolment">The link that a couriered file begins, and this client's instance, as long as the link has not begun.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/>, <see cref="PsrdOutcome.OutOfPsrd"/> or <see cref="PsrdOutcome.TooFragmented"/>.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    internal PsrdOutcome TryPrepareSync(NodeName client, Guid turn, out OutgoingRequest? request, (Guid Link, Guid Instance)? enrolment = null)
    {
        request = null;
        Span<byte> signingKey = stackalloc byte[MessageMac.KeySize];
        try
        {
            var outcome = ClientOwned.TryAllocate(default, signingKey, out _, out var keyAllocation, fromReserve: true);
            if (outcome != PsrdOutcome.Ok && !ClientOwned.TryAllocateHeld(signingKey, out keyAllocation))
            {
                return outcome;
            }

            if (enrolment is { } begins)
            {
                EnrolmentKey.Derive(signingKey, begins.Link, begins.Instance);
            }

            var query = new SyncQuery
            {
                ClientName = client,
                Turn = turn,
                ClientOwned = [.. ClientOwned.GetPositions(withPending: true).TakeLast(SyncQuery.MaxBlocks)],

                // The first ones are those that the hub has used up, and lists no more itself.
                HubOwned = [.. HubOwned.GetPositions(withPending: true).TakeLast(SyncQuery.MaxBlocks)],
                Enrols = enrolment?.Link,
                Instance = enrolment?.Instance,
            }.ToString();
            request = new OutgoingRequest(false, query, default, Sign(signingKey, keyAllocation!, query, default), OutgoingRequest.Sync);
            return PsrdOutcome.Ok;
        }
        finally
        {
            signingKey.Clear();
        }
    }

    /// <summary>
    /// Checks the answer to a sync and, when it is authentic, moves on to where the hub says it is: blocks that both have are confirmed,
    /// others given up. Nothing changes otherwise.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The response; null when none came.</param>
    /// <param name="time">The clock.</param>
    /// <param name="authentic">Called when the answer is authentic, before anything changes.</param>
    /// <returns>What it amounts to; with an authentic agreement, where the hub is.</returns>
    /// <exception cref="IOException">The storage failed: to be repeated.</exception>
    internal SyncReply ReadSync(OutgoingRequest request, HubResponse? response, TimeProvider time, Action? authentic = null)
    {
        if (response is null)
        {
            return new SyncReply(HubAnswerKind.None);
        }

        // The answer may be signed from a block that it confirms: who has its bytes has the block.
        if (!IsAuthentic(request, response, out var header, withPending: true))
        {
            return new SyncReply(HubAnswerKind.None, ReadHint(response));
        }

        // To take the signing key confirms the block that it lies in.
        authentic?.Invoke();
        var taken = HubOwned.TryTakeToMend(header.SigningKey, MessageMac.KeySize);
        if (!taken || response.Status != 200 || !MessageJson.TryRead<LinkStatement>(response.Body.Span, Dialect, out var statement))
        {
            return taken && MessageJson.TryRead<ErrorAnswer>(response.Body.Span, Dialect, out var answer)
                && DskeErrors.TryFromProblemType(answer.Type, out var error)
                ? new SyncReply(HubAnswerKind.Refused, error)
                : new SyncReply(HubAnswerKind.None);
        }

        if (!ClientOwned.TryAdopt(statement.ClientOwned, confirms: true))
        {
            return new SyncReply(HubAnswerKind.Accepted, DskeError.LinkSetBack, statement);
        }

        HubOwned.Adopt(statement.HubOwned, fresh: !IsSynced, time);

        // What a file brought and the hub does not have is of no use: the file was abandoned.
        ClientOwned.DropHeld();
        HubOwned.DropHeld();
        _isSynced = true;
        return new SyncReply(HubAnswerKind.Accepted, Statement: statement);
    }
}
