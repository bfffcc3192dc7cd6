using System.Diagnostics;
using Dske.Protocol.Errors;
using Dske.Protocol.Psrd;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// One share to or from one hub: prepare, send, check. A message is sent once; when the hub lacks PSRD or seems to have lost its state,
/// that is mended first and one new message is sent, with new PSRD.
/// </summary>
/// <remarks>Safe for concurrent use: holds no state of its own.</remarks>
internal sealed class ShareExchange(IHubTransport transport, ClientLimits limits, ClientMetrics metrics, TimeProvider time)
{
    private const int MaxAttempts = 16;

    /// <summary>Hands a share to a hub.</summary>
    /// <param name="link">The link to the hub.</param>
    /// <param name="key">Which key it belongs to.</param>
    /// <param name="share">The share; stays the caller's.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubReply> RelayAsync(HubLink link, KeyDescription key, Share share, CancellationToken cancellationToken)
        => RunAsync(link, key, "relay", share, cancellationToken);

    /// <summary>Fetches a share from a hub. The share in the reply is the caller's to dispose.</summary>
    /// <param name="link">The link to the hub.</param>
    /// <param name="key">Which key it belongs to.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubReply> CollectAsync(HubLink link, KeyDescription key, CancellationToken cancellationToken)
        => RunAsync(link, key, "collect", null, cancellationToken);

    private async Task<HubReply> RunAsync(HubLink link, KeyDescription key, string operation, Share? share, CancellationToken cancellationToken)
    {
        using var activity = ClientMetrics.Activities.StartActivity($"dske.share.{operation}");
        activity?.SetTag("dske.hub", link.Hub.Value).SetTag("dske.share.index", share?.Index ?? link.Index).SetTag("dske.key.id", key.KeyId);
        var outcome = "busy";
        var reply = HubReply.Nothing;
        if (link.TryEnter(limits.MaxWaitingPerHub))
        {
            try
            {
                using var timeout = new CancellationTokenSource(limits.HubTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                reply = await ExchangeAsync(link, key, share, either.Token).ConfigureAwait(false);
                outcome = Describe(reply);
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

        activity?.SetTag("dske.outcome", outcome);
        if (reply.Kind != HubAnswerKind.Accepted)
        {
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
        }

        metrics.CountShare(link.Hub.Value, operation, outcome);
        return reply;
    }

    /// <summary>One message or, where there is a remedy for what came of it, two.</summary>
    private async Task<HubReply> ExchangeAsync(HubLink link, KeyDescription key, Share? share, CancellationToken cancellationToken)
    {
        // Others may take the PSRD that was fetched for this exchange: then nothing was sent, and more can be fetched.
        var messages = 0;
        for (var attempt = 1; ; attempt++)
        {
            var (reply, sent, remedy) = await TryOnceAsync(link, key, share, cancellationToken).ConfigureAwait(false);
            messages += sent ? 1 : 0;
            if (remedy is null || messages > 1 || attempt == MaxAttempts || !await remedy.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                return reply;
            }
        }
    }

    /// <summary>One message. The remedy, when there is one, makes it worth while to send another.</summary>
    private async Task<(HubReply Reply, bool Sent, Task<bool>? Remedy)> TryOnceAsync(
        HubLink link, KeyDescription key, Share? share, CancellationToken cancellationToken)
    {
        // What nobody waits for any more is not worth its PSRD.
        cancellationToken.ThrowIfCancellationRequested();
        var needed = (share?.Value.Length ?? 0) + Authentication.MessageMac.KeySize;
        var answer = Authentication.MessageMac.KeySize + (share is null ? link.LastShareSize : 0);
        await link.InFlight.EnterAsync(needed, cancellationToken).ConfigureAwait(false);
        var expects = false;
        try
        {
            if (link.Session is not { IsSynced: true } session)
            {
                return (HubReply.Nothing, false, null);
            }

            expects = link.TryExpect(answer);
            if (!expects)
            {
                return (HubReply.Nothing with { Error = DskeError.OutOfPsrd }, false, link.WantPsrd(PoolOwner.Hub, answer));
            }

            OutgoingRequest? request;
            var prepared = share is null ? session.TryPrepareGet(key, out request) : session.TryPreparePost(key, share, out request);
            if (prepared != PsrdOutcome.Ok)
            {
                // More blocks do not help against too many small ones.
                var remedy = prepared == PsrdOutcome.OutOfPsrd ? link.WantPsrd(PoolOwner.Client, needed) : null;
                return (HubReply.Nothing with { Error = DskeError.OutOfPsrd }, false, remedy);
            }

            var response = await transport.SendAsync(link.Hub, request!, cancellationToken).ConfigureAwait(false);
            var reply = session.Read(request!, response);
            link.NoteHubView(reply.PsrdAvailable);
            link.LastShareSize = reply.Share?.Value.Length ?? link.LastShareSize;
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
}
