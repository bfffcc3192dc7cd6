using System.Diagnostics;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// Fetches keys that another client made: asks every hub at once and rebuilds the key from the first shares that make one (guide,
/// "Responder client gets key shares from all hubs"). Each encryptor gets a key once.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class KeyResponder(
    NodeName client, ShamirScheme scheme, IReadOnlyList<HubLink> links, ShareExchange exchange, DeliveryLedger ledger, ClientLimits limits, TimeProvider time, BackgroundExchanges background)
{
    /// <summary>Fetches a key for one of this client's encryptors.</summary>
    public async Task<KeyResult> FetchAsync(Guid keyId, SaeId master, SaeId slave, CancellationToken cancellationToken)
    {
        Activity.Current?.SetTag("dske.key.id", keyId);
        if (ledger.Contains(keyId, slave))
        {
            return new KeyResult(KeyOutcome.NotFound, keyId, null);
        }

        var (outcome, key) = await CollectAsync(new KeyDescription(client, keyId, master, slave), cancellationToken).ConfigureAwait(false);
        if (outcome == KeyOutcome.Ok && !ledger.TryTake(keyId, slave))
        {
            // Two requests for the same key at once: the other one was faster.
            key!.Dispose();
            return new KeyResult(KeyOutcome.NotFound, keyId, null);
        }

        return new KeyResult(outcome, keyId, key);
    }

    private async Task<(KeyOutcome Outcome, SecretBytes? Key)> CollectAsync(KeyDescription description, CancellationToken cancellationToken)
    {
        var collection = new Collection(scheme);
        var fetches = links
            .Select(link => background.Run(token => CollectAsync(link, description, collection, token)))
            .ToList();
        try
        {
            using var deadline = new Deadline(limits.EstablishTimeout, time, cancellationToken);
            var enough = scheme.ShareCount - scheme.Threshold + 1;
            var (notFound, notYours) = (0, 0);
            while (await deadline.NextAsync(fetches).ConfigureAwait(false) is { } reply)
            {
                if (collection.TakeKey() is { } key)
                {
                    return (KeyOutcome.Ok, key);
                }

                notFound += reply is { Kind: HubAnswerKind.Refused, Error: DskeError.ShareUnknown } ? 1 : 0;
                notYours += reply is { Kind: HubAnswerKind.Refused, Error: DskeError.ShareNotYours } ? 1 : 0;
                if (notFound >= enough || notYours >= enough)
                {
                    return (notYours >= enough ? KeyOutcome.NotYours : KeyOutcome.NotFound, null);
                }
            }

            return (KeyOutcome.Unavailable, null);
        }
        finally
        {
            collection.Dispose();
        }
    }

    private async Task<HubReply> CollectAsync(HubLink link, KeyDescription description, Collection collection, CancellationToken cancellationToken)
    {
        var reply = await exchange.CollectAsync(link, description, cancellationToken).ConfigureAwait(false);
        if (reply.Share is { } share)
        {
            collection.Add(share);
        }

        return reply with { Share = null };
    }

    /// <summary>The shares of one key as they come in, some of them after the key is there.</summary>
    /// <remarks>Safe for concurrent use: one lock. Shares that come too late are erased.</remarks>
    private sealed class Collection(ShamirScheme scheme) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly ShareCollector _shares = new(scheme);
        private bool _closed;

        public void Add(Share share)
        {
            lock (_lock)
            {
                if (_closed)
                {
                    share.Dispose();
                }
                else
                {
                    _shares.Add(share);
                }
            }
        }

        public SecretBytes? TakeKey()
        {
            lock (_lock)
            {
                return _shares.TakeSecret();
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _closed = true;
                _shares.Dispose();
            }
        }
    }
}
