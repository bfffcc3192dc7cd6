using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// Fetches keys that another client made: asks every hub at once and rebuilds each key from the first shares that make one (guide,
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

    /// <summary>Rebuilds keys from their shares, without handing them over.</summary>
    /// <param name="keyIds">The keys, each once: 1 to <see cref="Messages.KeySharesQuery.MaxKeys"/>.</param>
    /// <param name="master">The encryptor that made them.</param>
    /// <param name="slave">The encryptor that asks.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>What became of each key, in that order; the keys are the caller's to dispose.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<IReadOnlyList<CollectedKey>> CollectAsync(
        IReadOnlyList<Guid> keyIds, SaeId master, SaeId slave, CancellationToken cancellationToken)
    {
        using var activity = ClientMetrics.Activities.StartActivity("dske.key.collect");
        activity?.SetTag("dske.client", client.Value).SetTag("dske.key.id", keyIds[0]).SetTag("dske.key.count", keyIds.Count);
        var description = new KeyDescription(client, keyIds, master, slave, []);
        var began = time.GetTimestamp();
        var suspects = reputation.Suspects;
        var keys = keyIds.Select(keyId => new KeyCollection(keyId, scheme, new ShareCollection(
            new ShareCollector(scheme, limits.MaxCandidatesPerKey, suspects), reputation, master, keyId, links.Count))).ToList();
        try
        {
            var need = new ExpectedNeed();

            // The time counts from before the first hub is asked.
            using var deadline = new Deadline(limits.EstablishTimeout, time, cancellationToken);
            var fetches = new List<Task<HubReply>>(links.Count);
            foreach (var link in links)
            {
                fetches.Add(background.Run(token => CollectAsync(link, description, keys, need, token)));
            }

            await WaitForKeysAsync(fetches, began, keys, need, deadline).ConfigureAwait(false);
            var collected = keys.ConvertAll(key => key.Finish());
            activity?.SetTag("dske.outcome", collected.Find(key => key.Outcome != KeyOutcome.Ok)?.Outcome.ToString() ?? nameof(KeyOutcome.Ok));
            return collected;
        }
        finally
        {
            keys.ForEach(key => key.End());
        }
    }

    /// <summary>Ends when it is known what becomes of every key, or the time is over.</summary>
    private async Task WaitForKeysAsync(
        List<Task<HubReply>> fetches, long began, List<KeyCollection> keys, ExpectedNeed need, Deadline deadline)
    {
        var isShort = false;
        while (true)
        {
            if (await deadline.NextAsync(fetches).ConfigureAwait(false) is not { } reply)
            {
                // Shares are large, hubs say: then PSRD for them is on its way.
                if (fetches.Count > 0 && !isShort && limits.ExtraTimeFor(need.Take()) is { Ticks: > 0 } extra)
                {
                    deadline.Shorten(extra);
                    continue;
                }

                return;
            }

            for (var i = 0; i < keys.Count; i++)
            {
                keys[i].Count(reply, i);
            }

            if (keys.TrueForAll(key => key.IsDecided(fetches.Count)))
            {
                return;
            }

            if (!isShort && keys.TrueForAll(key => key.IsDecided(fetches.Count) || key.IsHopeless(fetches.Count)))
            {
                // No further key can come of it; the rest has a moment to say why.
                isShort = true;
                deadline.Shorten(limits.GraceAfter(time.GetElapsedTime(began)));
            }
        }
    }

    /// <summary>Takes in what one hub has. Its shares are the collections' from then on; the reply tells which counted.</summary>
    private async Task<HubReply> CollectAsync(
        HubLink link, KeyDescription description, List<KeyCollection> keys, ExpectedNeed need, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await exchange.CollectAsync(link, description, need.Note, cancellationToken).ConfigureAwait(false);
            var isBound = link.Session is { IsNative: true };
            return reply.Shares is { } shares ? reply with { Shares = [.. shares.Select((share, i) => keys[i].Add(link.Index, share, isBound))] } : reply;
        }
        finally
        {
            keys.ForEach(key => key.Leave());
        }
    }

    /// <summary>How much PSRD hubs say that their shares take. Safe for concurrent use: interlocked.</summary>
    private sealed class ExpectedNeed
    {
        private long _bytes;

        public void Note(long bytes)
        {
            for (var known = Interlocked.Read(ref _bytes); bytes > known;)
            {
                var seen = Interlocked.CompareExchange(ref _bytes, bytes, known);
                if (seen == known)
                {
                    return;
                }

                known = seen;
            }
        }

        /// <summary>The most that was said, once.</summary>
        public long Take() => Interlocked.Exchange(ref _bytes, 0);
    }
}
