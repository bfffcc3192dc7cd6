using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// Fetches keys that another client made: asks every hub at once and rebuilds the key from the first shares that make one (guide,
/// "Responder client gets key shares from all hubs"). Each encryptor gets a key once.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class KeyResponder(
    NodeName client, ShamirScheme scheme, IReadOnlyList<HubLink> links, ShareExchange exchange, DeliveryLedger ledger, HubReputation reputation, ClientLimits limits, TimeProvider time, BackgroundExchanges background)
{
    /// <summary>Whether the key went to the encryptor before.</summary>
    public bool WasDelivered(Guid keyId, SaeId slave) => ledger.Contains(keyId, slave);

    /// <summary>
    /// Takes the tombstones of keys that are about to be handed over: all, or none when one of them was delivered before or by a faster
    /// request for the same key.
    /// </summary>
    /// <exception cref="IOException">The storage failed: nothing may be handed over.</exception>
    public ValueTask<bool> TryDeliverAsync(IReadOnlyList<DeliveredKey> keys, SaeId slave)
        => ledger.TryTakeAsync([.. keys.Select(key => key.KeyId)], slave);

    /// <summary>Rebuilds a key from its shares, without handing it over.</summary>
    public async Task<(KeyOutcome Outcome, DeliveredKey? Key)> CollectAsync(
        Guid keyId, SaeId master, SaeId slave, CancellationToken cancellationToken)
    {
        using var activity = ClientMetrics.Activities.StartActivity("dske.key.collect");
        activity?.SetTag("dske.client", client.Value).SetTag("dske.key.id", keyId);
        var description = new KeyDescription(client, keyId, master, slave);
        var began = time.GetTimestamp();
        var collector = new ShareCollector(scheme, limits.MaxCandidatesPerKey, reputation.Suspects);
        var collection = new ShareCollection(collector, reputation, description, links.Count);
        var complete = false;
        try
        {
            var fetches = new List<Task<HubReply>>(links.Count);
            foreach (var link in links)
            {
                fetches.Add(background.Run(token => CollectAsync(link, description, collection, token)));
            }

            var outcome = await WaitForKeyAsync(fetches, began, collection, cancellationToken).ConfigureAwait(false);
            activity?.SetTag("dske.outcome", outcome.ToString());
            complete = outcome == KeyOutcome.Ok;
            return (outcome, complete ? new DeliveredKey(keyId, collection.TakeKey()) : null);
        }
        finally
        {
            if (complete)
            {
                collection.Leave();
            }
            else
            {
                collection.Close();
            }
        }
    }

    private async Task<KeyOutcome> WaitForKeyAsync(List<Task<HubReply>> fetches, long began, ShareCollection collection, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(limits.EstablishTimeout, time, cancellationToken);
        var enough = scheme.ShareCount - scheme.Threshold + 1;
        var (shares, notFound, notYours) = (0, 0, 0);
        var hopeless = false;
        while (await deadline.NextAsync(fetches).ConfigureAwait(false) is { } reply)
        {
            shares += reply.Kind == HubAnswerKind.Accepted ? 1 : 0;
            notFound += reply is { Kind: HubAnswerKind.Refused, Error: DskeError.ShareUnknown } ? 1 : 0;
            notYours += reply is { Kind: HubAnswerKind.Refused, Error: DskeError.ShareNotYours } ? 1 : 0;
            if (collection.HasKey)
            {
                return KeyOutcome.Ok;
            }

            if (notYours >= enough)
            {
                return KeyOutcome.NotYours;
            }

            if (notFound >= enough)
            {
                return KeyOutcome.NotFound;
            }

            if (!hopeless && shares + fetches.Count < scheme.Threshold)
            {
                // No key can come of it any more; the rest has a moment to say why.
                hopeless = true;
                deadline.Shorten(limits.GraceAfter(time.GetElapsedTime(began)));
            }

            if (hopeless && Math.Max(notFound, notYours) + fetches.Count < enough)
            {
                return KeyOutcome.Unavailable;
            }
        }

        return KeyOutcome.Unavailable;
    }

    private async Task<HubReply> CollectAsync(HubLink link, KeyDescription description, ShareCollection collection, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await exchange.CollectAsync(link, description, cancellationToken).ConfigureAwait(false);
            if (reply.Share is not { } share)
            {
                return reply;
            }

            // Share i goes over hub i.
            var isOwn = share.Index == link.Index;
            collection.Add(link.Index, share, link.Session is { IsNative: true });
            return isOwn ? reply with { Share = null } : HubReply.Nothing;
        }
        finally
        {
            collection.Leave();
        }
    }
}
