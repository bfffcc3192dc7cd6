using System.Diagnostics;
using System.Runtime.CompilerServices;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// The shares of one or more keys to or from one hub: prepare, send, check. A message is sent once; when the hub lacks PSRD or seems to have lost its state,
/// that is mended first and one new message is sent, with new PSRD.
/// </summary>
/// <remarks>Safe for concurrent use: holds no state of its own.</remarks>
internal sealed class ShareExchange(IHubTransport transport, ClientLimits limits, ClientMetrics metrics, TimeProvider time)
{
    private const int MaxAttempts = 16;

    /// <summary>Hands the hub's shares of some keys to it.</summary>
    /// <param name="link">The link to the hub.</param>
    /// <param name="key">Which keys they belong to.</param>
    /// <param name="shares">The shares, in the order of the keys; they stay the caller's.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public async Task<HubReply> RelayAsync(HubLink link, KeyDescription key, IReadOnlyList<Share> shares, CancellationToken cancellationToken)
    {
        if (key.IsPlain || link.Session is not { IsNative: false })
        {
            return await RunAsync(link, key, "relay", Message.Post(key, shares), cancellationToken).ConfigureAwait(false);
        }

        // Hubs of other implementations take one key at a time, for one encryptor.
        var reply = HubReply.Nothing;
        for (var i = 0; key.Also.Count == 0 && i < shares.Count && (i == 0 || reply.Kind == HubAnswerKind.Accepted); i++)
        {
            var single = key with { KeyIds = [key.KeyIds[i]] };
            reply = await RunAsync(link, single, "relay", Message.Post(single, [shares[i]]), cancellationToken).ConfigureAwait(false);
        }

        return reply;
    }

    /// <summary>Fetches the hub's shares of some keys. The shares in the reply are the caller's to dispose.</summary>
    /// <param name="link">The link to the hub.</param>
    /// <param name="key">Which keys they belong to.</param>
    /// <param name="expecting">Is told how many bytes of PSRD have to be fetched first, when they are many.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public async Task<HubReply> CollectAsync(HubLink link, KeyDescription key, Action<long> expecting, CancellationToken cancellationToken)
    {
        if (key.IsPlain || link.Session is not { IsNative: false })
        {
            return await RunAsync(link, key, "collect", Message.Get(key), cancellationToken, expecting).ConfigureAwait(false);
        }

        var shares = new List<FetchedKeyShare>(key.KeyIds.Count);
        var answers = true;
        foreach (var keyId in key.KeyIds)
        {
            var reply = HubReply.Nothing;
            if (answers)
            {
                var single = key with { KeyIds = [keyId] };
                var began = time.GetTimestamp();
                reply = await RunAsync(link, single, "collect", Message.Get(single), cancellationToken).ConfigureAwait(false);

                // One that hangs would do so once for every key.
                answers = reply.Share is not null || time.GetElapsedTime(began) < limits.HubTimeout;
            }

            // What such a hub refuses proves nothing.
            shares.Add(new FetchedKeyShare(keyId, reply.Share, null));
        }

        return new HubReply(HubAnswerKind.Accepted, Shares: shares);
    }

    /// <summary>Asks a hub which client has an encryptor, or for all clients; nothing comes of it on a link that is not native.</summary>
    /// <param name="link">The link to the hub.</param>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubReply> AskAsync(HubLink link, EncryptorsQuery query, CancellationToken cancellationToken)
        => RunAsync(link, null, "look-up", Message.Ask(query), cancellationToken);

    private async Task<HubReply> RunAsync(
        HubLink link, KeyDescription? key, string operation, Message message, CancellationToken cancellationToken, Action<long>? expecting = null)
    {
        using var activity = ClientMetrics.Activities.StartActivity($"dske.share.{operation}");
        activity?.SetTag("dske.hub", link.Hub.Value).SetTag("dske.share.index", link.Index);
        if (key is not null)
        {
            activity?.SetTag("dske.key.id", key.KeyIds[0]).SetTag("dske.key.count", key.KeyIds.Count);
        }

        var outcome = "busy";
        var reply = HubReply.Nothing;
        var spent = new StrongBox<long>();
        if (link.TryEnter(limits.MaxWaitingPerHub))
        {
            try
            {
                using var timeout = new CancellationTokenSource(limits.HubTimeout + limits.ExtraTimeFor(key?.RequestSize ?? 0), time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                reply = await ExchangeAsync(link, message, spent, Prolong, either.Token).ConfigureAwait(false);
                outcome = Describe(reply);

                void Prolong(long bytes)
                {
                    if (limits.ExtraTimeFor(bytes) is { Ticks: > 0 } extra)
                    {
                        timeout.CancelAfter(limits.HubTimeout + extra);
                        expecting?.Invoke(bytes);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                outcome = "timeout";
            }
            catch (Exception fault)
            {
                // A disk that fails, for instance, fails one link; the key may come over the others.
                outcome = "fault";
                metrics.ReportFault(link.Hub.Value, fault);
            }
            finally
            {
                link.Leave();
                link.RefillIfLow();
            }
        }

        activity?.SetTag("dske.outcome", outcome).SetTag("dske.psrd.spent", spent.Value);
        if (reply.Kind != HubAnswerKind.Accepted)
        {
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
        }

        metrics.CountShares(link.Hub.Value, operation, outcome, key?.KeyIds.Count ?? 1);
        return reply;
    }

    /// <summary>One message or, where there is a remedy for what came of it, two.</summary>
    private async Task<HubReply> ExchangeAsync(HubLink link, Message message, StrongBox<long> spent, Action<long> prolong, CancellationToken cancellationToken)
    {
        // Others may take the PSRD that was fetched for this exchange: then nothing was sent, and more can be fetched.
        var messages = 0;
        for (var attempt = 1; ; attempt++)
        {
            var (reply, sent, remedy) = await TryOnceAsync(link, message, prolong, spent, cancellationToken).ConfigureAwait(false);
            messages += sent ? 1 : 0;
            if (remedy is null || messages > 1 || attempt == MaxAttempts)
            {
                return reply;
            }

            // What the answer will take is a guess by the last share: where there is no more to be had, a smaller one has its chance.
            if (!await remedy.WaitAsync(cancellationToken).ConfigureAwait(false) && (sent || !link.ForgetShareSize()))
            {
                return reply;
            }
        }
    }

    /// <summary>One message, the PSRD of which, of either owner, is added to what was spent. The remedy, when there is one, makes it worth while to send another.</summary>
    private async Task<(HubReply Reply, bool Sent, Task<bool>? Remedy)> TryOnceAsync(
        HubLink link, Message message, Action<long> prolong, StrongBox<long> spent, CancellationToken cancellationToken)
    {
        // What nobody waits for any more is not worth its PSRD.
        cancellationToken.ThrowIfCancellationRequested();
        var needed = message.PadSize + Authentication.MessageMac.KeySize;
        var answer = Authentication.MessageMac.KeySize + link.ExpectedAnswerSize(message.SharesExpected);
        await link.InFlight.EnterAsync(needed, cancellationToken).ConfigureAwait(false);
        var expects = false;
        try
        {
            if (link.Session is not { IsSynced: true } session || (message.IsNative && !session.IsNative))
            {
                return (HubReply.Nothing, false, null);
            }

            expects = link.TryExpect(answer);
            if (!expects)
            {
                // More time before more PSRD: who waits for it must not give up while it comes.
                prolong(answer);
                return (HubReply.Nothing with { Error = DskeError.OutOfPsrd }, false, link.WantPsrd(PoolOwner.Hub, answer));
            }

            var prepared = message.TryPrepare(session, out var request);
            if (prepared != PsrdOutcome.Ok)
            {
                // More blocks do not help against too many small ones.
                var remedy = prepared == PsrdOutcome.OutOfPsrd ? link.WantPsrd(PoolOwner.Client, needed) : null;
                return (HubReply.Nothing with { Error = DskeError.OutOfPsrd }, false, remedy);
            }

            spent.Value += needed;
            var response = await transport.SendAsync(link.Hub, request!, cancellationToken).ConfigureAwait(false);
            var reply = session.Read(request!, response);
            spent.Value += CountSpent(reply);
            link.NoteHubView(reply.PsrdAvailable);
            link.NoteShareSize(reply.Shares);
            if (reply is { Kind: HubAnswerKind.Refused, PsrdNeeded: > 0 and <= KeySizes.MaxBytes * 2 })
            {
                prolong(reply.PsrdNeeded.Value);
            }

            return (reply, true, RemedyFor(link, reply));
        }
        finally
        {
            if (expects)
            {
                link.NoLongerExpect(answer);
            }

            link.InFlight.Leave(needed);
        }
    }

    /// <summary>The bytes of hub-owned PSRD that an answer took: its signing key and the pads of its shares. Nothing of what is not authentic.</summary>
    private static long CountSpent(HubReply reply)
        => reply.Kind == HubAnswerKind.None ? 0 : Authentication.MessageMac.KeySize + (reply.Shares?.Sum(share => (long)(share.Share?.Value.Length ?? 0)) ?? 0);

    private Task<bool>? RemedyFor(HubLink link, HubReply reply) => reply switch
    {
        { Kind: HubAnswerKind.Accepted } => null,
        { Kind: HubAnswerKind.Refused, Error: DskeError.OutOfPsrd } => link.WantPsrd(PoolOwner.Hub, Math.Clamp(reply.PsrdNeeded ?? 0, 0, KeySizes.MaxBytes * 2)),
        { Kind: HubAnswerKind.Refused, Error: DskeError.PsrdGone or DskeError.PsrdJumpTooFar } => link.WantSync(),
        // One of ours tells the truth with the answer to a registration.
        { Kind: HubAnswerKind.None, Error: DskeError.OutOfPsrd } when link.Session is { IsNative: true } => link.WantRegistration(),
        { Kind: HubAnswerKind.None, Error: DskeError.OutOfPsrd } => link.WantPsrdForDryHub(time, limits.MinRegistrationInterval),
        { Kind: HubAnswerKind.None, Error: DskeError.ClientNotRegistered or DskeError.PsrdUnknownBlock or DskeError.SyncNeeded } => link.WantRegistration(),
        _ => null,
    };

    private static string Describe(HubReply reply) => reply switch
    {
        { Kind: HubAnswerKind.Accepted } => "ok",
        { Kind: HubAnswerKind.Refused, Error: { } error } => DskeErrors.GetName(error),
        { Error: { } hint } => "unsigned-" + DskeErrors.GetName(hint),
        _ => "no-answer",
    };

    /// <summary>What is to be said to a hub: worded anew for every attempt, since each names PSRD of its own.</summary>
    /// <param name="PadSize">How many bytes of pad the message takes.</param>
    /// <param name="SharesExpected">How many shares the answer will have at most.</param>
    /// <param name="IsNative">Whether hubs of other implementations would not understand it.</param>
    /// <param name="TryPrepare">Words it.</param>
    private sealed record Message(int PadSize, int SharesExpected, bool IsNative, Message.Wording TryPrepare)
    {
        public delegate PsrdOutcome Wording(LinkSession session, out OutgoingRequest? request);

        public static Message Post(KeyDescription key, IReadOnlyList<Share> shares) => new(
            shares.Sum(share => share.Value.Length), 0, !key.IsPlain, (LinkSession session, out OutgoingRequest? request) => session.TryPreparePost(key, shares, out request));

        public static Message Get(KeyDescription key) => new(
            0, key.KeyIds.Count, !key.IsPlain, (LinkSession session, out OutgoingRequest? request) => session.TryPrepareGet(key, out request));

        public static Message Ask(EncryptorsQuery query) => new(
            0, 0, true, (LinkSession session, out OutgoingRequest? request) => session.TryPrepareGet(query, out request));
    }
}
