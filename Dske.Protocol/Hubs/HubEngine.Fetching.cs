using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub hands shares out.</summary>
public sealed partial class HubEngine
{
    // The first share that does not come in time ends the waiting.
    private const int MostWaits = 8;

    /// <summary>
    /// Handles GET key-share: a client fetches a share (guide, "Responder client gets key shares from all hubs"). A request for an
    /// unknown key is held for a moment, since the share may still be on its way.
    /// </summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="hasBody">Whether the request has a body: then it is refused.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <param name="cancellationToken">Ends the holding: the client is gone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The client went while the request was held: no PSRD is spent on an answer.</exception>
    public async ValueTask<HubAnswer> GetKeyShareAsync(string query, bool hasBody, string? signature, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var readable = KeyShareQuery.TryParse(query, out var message);
        if (!TryReadHeader(signature, message?.Bind ?? false, out var header, out var answer))
        {
            return answer;
        }

        if (!readable || hasBody)
        {
            return Reject(DskeError.MalformedMessage, header.Dialect);
        }

        var wanted = new KeySharesQuery
        {
            ClientName = message!.ClientName,
            MasterSaeId = message.MasterSaeId,
            SlaveSaeId = message.SlaveSaeId,
            KeyIds = [message.KeyId],
        };
        return await FetchAsync(
            wanted,
            query,
            header,
            message.Bind ? signature : null,
            static (request, found) => found[0].Error is { } error ? HubAnswers.Refused(request, error) : HubAnswers.Delivered(request, found[0]),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Handles GET key-shares of a native link: a client fetches the shares of several keys, with one signature and one pad. Each of them comes, or
    /// the reason why not; as many as 2 MiB hold, the first one in any case. Shares that are not here are waited for as with a single one.
    /// </summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="hasBody">Whether the request has a body: then it is refused.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <param name="cancellationToken">Ends the holding: the client is gone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The client went while the request was held: no PSRD is spent on an answer.</exception>
    public async ValueTask<HubAnswer> GetKeySharesAsync(string query, bool hasBody, string? signature, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!TryReadHeader(signature, bind: true, out var header, out var answer))
        {
            return answer;
        }

        return KeySharesQuery.TryParse(query, out var message) && !hasBody
            ? await FetchAsync(message, query, header, signature, HubAnswers.Delivered, cancellationToken).ConfigureAwait(false)
            : Reject(DskeError.MalformedMessage, header.Dialect);
    }

    private async ValueTask<HubAnswer> FetchAsync(
        KeySharesQuery message,
        string query,
        SignatureHeader header,
        string? boundTo,
        Func<VerifiedRequest, FoundShare[], HubAnswer> word,
        CancellationToken cancellationToken)
    {
        try
        {
            if (!TryAuthenticate(message.ClientName, header, boundTo, query, default, out var client, out var answer)
                || !TryTake(client, header, boundTo, null, default, out var request, out answer))
            {
                return answer;
            }

            return await DeliverAsync(request.Request, message, word, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            return Fail(fault, header.Dialect);
        }
    }

    private async ValueTask<HubAnswer> DeliverAsync(
        VerifiedRequest request, KeySharesQuery message, Func<VerifiedRequest, FoundShare[], HubAnswer> word, CancellationToken cancellationToken)
    {
        using var activity = HubDiagnostics.Activities.StartActivity("dske.share.deliver");
        activity?.SetTag("dske.hub", Name.Value).SetTag("dske.key.id", message.KeyIds[0]).SetTag("dske.key.count", message.KeyIds.Count);
        await WaitForAllAsync(message.KeyIds, cancellationToken).ConfigureAwait(false);
        var isNamed = SaeId.TryParse(message.MasterSaeId, out var master) & SaeId.TryParse(message.SlaveSaeId, out var slave);
        var found = isNamed ? Find(request.Client.Name, master, slave, message.KeyIds) : FindNothing(message.KeyIds);
        try
        {
            var first = CountFound(found);
            activity?.SetTag("dske.share.index", found[0].Index).SetTag("dske.outcome", first is null ? "ok" : DskeErrors.GetName(first.Value));
            var answer = word(request, found);
            foreach (var share in found)
            {
                if (answer.Error is null && share.Error is null)
                {
                    _shares.MarkDelivered(share.KeyId, master, slave, request.Client.Name);
                }
            }

            return answer;
        }
        finally
        {
            foreach (var share in found)
            {
                share.Dispose();
            }
        }
    }

    /// <summary>Counts outcomes, each kind once for a message, and returns the first one that is an error.</summary>
    private DskeError? CountFound(FoundShare[] found)
    {
        if (found.Length == 1)
        {
            CountShares("deliver", found[0].Error, 1);
            return found[0].Error;
        }

        foreach (var same in found.GroupBy(share => share.Error))
        {
            CountShares("deliver", same.Key, same.Count());
        }

        return Array.Find(found, share => share.Error is not null)?.Error;
    }

    /// <summary>Waits for keys that are not here. Shares that are handed in together are there together: seldom has more than one to be waited for.</summary>
    private async ValueTask WaitForAllAsync(IReadOnlyList<Guid> keyIds, CancellationToken cancellationToken)
    {
        var waited = Guid.Empty;
        for (var i = 0; i < MostWaits && _shares.FindMissing(keyIds) is { } missing && missing != waited; i++)
        {
            waited = missing;
            await _shares.WaitForAsync(missing, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Copies what goes out: as much as an answer holds, in the order asked for, so that all hubs leave off the same.</summary>
    private FoundShare[] Find(NodeName client, SaeId master, SaeId slave, IReadOnlyList<Guid> keyIds)
    {
        var found = new FoundShare[keyIds.Count];
        long size = 0;
        var isFull = false;
        for (var i = 0; i < found.Length; i++)
        {
            if (isFull)
            {
                found[i] = FoundShare.None(keyIds[i], DskeError.ShareLeftOff);
                continue;
            }

            var error = _shares.TryGet(keyIds[i], master, slave, client, out var index, out var share);
            isFull = share is not null && size > 0 && size + share.Length > KeySizes.MaxBytes;
            size += share?.Length ?? 0;
            if (isFull)
            {
                share!.Dispose();
                error = DskeError.ShareLeftOff;
            }

            found[i] = error is { } refusal ? FoundShare.None(keyIds[i], refusal) : new FoundShare(keyIds[i], index, share, null);
        }

        return found;
    }

    /// <summary>There is nothing for names that are none.</summary>
    private static FoundShare[] FindNothing(IReadOnlyList<Guid> keyIds) => [.. keyIds.Select(keyId => FoundShare.None(keyId, DskeError.ShareUnknown))];
}
