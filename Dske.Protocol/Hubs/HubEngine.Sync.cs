using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub agrees with a client on blocks and positions.</summary>
public sealed partial class HubEngine
{
    /// <summary>
    /// Handles GET sync of a native link: the client says which blocks it has and where it is with each; the hub moves on to there,
    /// confirms the blocks that both have, gives up the others, and says where it is itself.
    /// </summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="hasBody">Whether the request has a body: then it is refused.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public HubAnswer Sync(string query, bool hasBody, string? signature)
    {
        ArgumentNullException.ThrowIfNull(query);
        var readable = SyncQuery.TryParse(query, out var message);
        if (!TryReadHeader(signature, bind: true, out var header, out var answer))
        {
            return answer;
        }

        if (!readable || hasBody)
        {
            return Reject(DskeError.MalformedMessage, header.Dialect);
        }

        try
        {
            if (message!.Enrols is not null && Enrol(message, header, signature, query) is { } enrolled)
            {
                return enrolled;
            }

            if (!TryAuthenticate(message.ClientName.Value, header, signature, query, default, out var client, out answer, message))
            {
                return answer;
            }

            // However far ahead the key lies: when messages got lost, this is the one that tells.
            var request = new VerifiedRequest(client, header.Dialect, signature);
            return client.ClientOwned.TryTakeToMend(header.SigningKey, MessageMac.KeySize)
                ? Sync(request, message)
                : RejectUnreadable(request, PsrdOutcome.AlreadyUsed);
        }
        catch (IOException fault)
        {
            return Fail(fault, header.Dialect);
        }
    }

    private HubAnswer Sync(VerifiedRequest request, SyncQuery message, bool isFirst = false)
    {
        var link = request.Client.Link;
        using var activity = HubDiagnostics.Activities.StartActivity("dske.link.sync");
        activity?.SetTag("dske.hub", Name.Value).SetTag("dske.client", request.Client.Name.Value);
        lock (link.Gate)
        {
            if (!link.IsNative || link.WasSetBack || (link.Turn != message.Turn && !isFirst))
            {
                // Unsigned: a link that is not in agreement has nothing that may be signed with.
                return Reject(link.WasSetBack ? DskeError.LinkSetBack : DskeError.SyncOutOfTurn, request.Dialect);
            }

            if (!link.HubOwned.TryAdopt(message.HubOwned, confirms: true))
            {
                // Before enrolment it is no alarm: somebody else may have fetched the first block.
                link.WasSetBack = true;
                link.IsSynced = false;
                if (link.IsEnrolled)
                {
                    HubDiagnostics.CountSetBack(Name.Value, request.Client.Name.Value);
                }

                return Reject(DskeError.LinkSetBack, request.Dialect);
            }

            link.ClientOwned.Adopt(message.ClientOwned, fresh: !link.IsSynced, _time);
            link.IsSynced = true;
            link.EndTurn();
            _clients.Enrol(link, request.Client.Name);
            return HubAnswers.Synced(request) ?? Reject(DskeError.OutOfPsrd, request.Dialect);
        }
    }
}
