using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// Makes keys: draws one, splits it, relays a share over every hub at once (guide, "Initiator client posts key shares to all hubs").
/// The encryptor has its answer as soon as enough hubs have theirs, plus a short grace; the others finish in the background.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class KeyInitiator(
    NodeName client, ShamirScheme scheme, IReadOnlyList<HubLink> links, ShareExchange exchange, IEntropySource entropy, ClientLimits limits, TimeProvider time, BackgroundExchanges background)
{
    /// <summary>Makes a key of <paramref name="size"/> bytes between two encryptors.</summary>
    public async Task<(KeyOutcome Outcome, DeliveredKey? Key)> EstablishAsync(SaeId master, SaeId slave, int size, CancellationToken cancellationToken)
    {
        var description = new KeyDescription(client, entropy.NextUuid(), master, slave);
        using var activity = ClientMetrics.Activities.StartActivity("dske.key.establish");
        activity?.SetTag("dske.client", client.Value).SetTag("dske.key.id", description.KeyId);
        var key = entropy.NextSecret(size);
        var outcome = KeyOutcome.Unavailable;
        var began = time.GetTimestamp();
        try
        {
            var shares = scheme.Split(key.Span, entropy);
            var relays = new List<Task<HubReply>>(links.Count);
            for (var i = 0; i < links.Count; i++)
            {
                var (link, share) = (links[i], shares[i]);
                relays.Add(background.Run(token => RelayAsync(link, description, share, token)));
            }

            outcome = await WaitForEnoughAsync(relays, began, cancellationToken).ConfigureAwait(false);
            return (outcome, outcome == KeyOutcome.Ok ? new DeliveredKey(description.KeyId, key) : null);
        }
        finally
        {
            activity?.SetTag("dske.outcome", outcome.ToString());
            if (outcome != KeyOutcome.Ok)
            {
                key.Dispose();
            }
        }
    }

    private async Task<HubReply> RelayAsync(HubLink link, KeyDescription description, Share share, CancellationToken cancellationToken)
    {
        using (share)
        {
            return await exchange.RelayAsync(link, description, share, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<KeyOutcome> WaitForEnoughAsync(List<Task<HubReply>> pending, long began, CancellationToken cancellationToken)
    {
        var (stored, unknown) = (0, 0);
        var outcome = KeyOutcome.Unavailable;
        var decided = false;
        using var deadline = new Deadline(limits.EstablishTimeout, time, cancellationToken);
        while (await deadline.NextAsync(pending).ConfigureAwait(false) is { } reply)
        {
            stored += reply.Kind == HubAnswerKind.Accepted ? 1 : 0;
            unknown += reply is { Kind: HubAnswerKind.Refused, Error: DskeError.SlaveSaeUnknown } ? 1 : 0;
            if (unknown > scheme.ShareCount - scheme.Threshold)
            {
                return KeyOutcome.SlaveSaeUnknown;
            }

            // Either way the rest is given a moment: to take their share too, or to say why there can be no key.
            if (!decided && (stored >= scheme.Threshold || stored + pending.Count < scheme.Threshold))
            {
                decided = true;
                outcome = stored >= scheme.Threshold ? KeyOutcome.Ok : KeyOutcome.Unavailable;
                deadline.Shorten(limits.GraceAfter(time.GetElapsedTime(began)));
            }

            if (decided && outcome != KeyOutcome.Ok && unknown + pending.Count <= scheme.ShareCount - scheme.Threshold)
            {
                return outcome;
            }
        }

        return outcome;
    }
}
