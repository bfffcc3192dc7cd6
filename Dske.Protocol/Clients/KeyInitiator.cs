using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// Makes keys: draws some, splits them, relays the shares over every hub at once (guide, "Initiator client posts key shares to all hubs").
/// The encryptor has its answer as soon as enough hubs have theirs, plus a short grace; the others finish in the background.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class KeyInitiator(
    NodeName client, ShamirScheme scheme, IReadOnlyList<HubLink> links, ShareExchange exchange, IEntropySource entropy, ClientLimits limits, TimeProvider time, BackgroundExchanges background)
{
    /// <summary>Makes keys that travel together, all or none.</summary>
    /// <param name="master">The encryptor that asks.</param>
    /// <param name="slaves">The encryptors that may fetch them; at least one.</param>
    /// <param name="number">How many keys: 1 to <see cref="Messages.KeySharesQuery.MaxKeys"/>.</param>
    /// <param name="size">The size of each, in bytes; with all of them together at most <see cref="KeySizes.MaxBytes"/>.</param>
    /// <param name="requestSize">The bytes of all keys of the request, of which these may be some.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    public async Task<MadeKeys> EstablishAsync(
        SaeId master, IReadOnlyList<SaeId> slaves, int number, int size, long requestSize, CancellationToken cancellationToken)
    {
        using var activity = ClientMetrics.Activities.StartActivity("dske.key.establish");
        var (keys, shares) = Draw(number, size);
        var outcome = KeyOutcome.Unavailable;
        try
        {
            var description = new KeyDescription(client, [.. keys.Select(key => key.KeyId)], master, slaves[0], [.. slaves.Skip(1)]) { RequestSize = requestSize };
            activity?.SetTag("dske.client", client.Value).SetTag("dske.key.id", keys[0].KeyId).SetTag("dske.key.count", number);
            var began = time.GetTimestamp();

            // The time counts from before the first share leaves.
            using var deadline = new Deadline(limits.EstablishTimeout + limits.ExtraTimeFor(requestSize), time, cancellationToken);
            var relays = new List<Task<HubReply>>(links.Count);
            for (var i = 0; i < links.Count; i++)
            {
                var (link, own) = (links[i], shares[i]);
                relays.Add(background.Run(token => RelayAsync(link, description, own, token)));
            }

            outcome = await WaitForEnoughAsync(relays, began, deadline).ConfigureAwait(false);
            return new MadeKeys(outcome, outcome == KeyOutcome.Ok ? keys : []);
        }
        finally
        {
            activity?.SetTag("dske.outcome", outcome.ToString());
            if (outcome != KeyOutcome.Ok)
            {
                keys.ForEach(key => key.Dispose());
            }
        }
    }

    /// <summary>Draws keys and splits them, whole before the first share leaves. The shares are by hub, in the order of the keys.</summary>
    private (List<DeliveredKey> Keys, List<Share>[] Shares) Draw(int number, int size)
    {
        var keys = new List<DeliveredKey>(number);
        var shares = links.Select(_ => new List<Share>(number)).ToArray();
        try
        {
            while (keys.Count < number)
            {
                keys.Add(new DeliveredKey(entropy.NextUuid(), entropy.NextSecret(size)));
                var split = scheme.Split(keys[^1].Key.Span, entropy);
                for (var hub = 0; hub < shares.Length; hub++)
                {
                    shares[hub].Add(split[hub]);
                }
            }

            return (keys, shares);
        }
        catch
        {
            // The source of randomness failed.
            keys.ForEach(key => key.Dispose());
            Array.ForEach(shares, own => own.ForEach(share => share.Dispose()));
            throw;
        }
    }

    private async Task<HubReply> RelayAsync(HubLink link, KeyDescription description, List<Share> shares, CancellationToken cancellationToken)
    {
        try
        {
            return await exchange.RelayAsync(link, description, shares, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            shares.ForEach(share => share.Dispose());
        }
    }

    private async Task<KeyOutcome> WaitForEnoughAsync(List<Task<HubReply>> pending, long began, Deadline deadline)
    {
        var (stored, unknown) = (0, 0);
        var outcome = KeyOutcome.Unavailable;
        var decided = false;
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
