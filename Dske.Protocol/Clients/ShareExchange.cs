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
                reply = await TryTwiceAsync(link, key, share, either.Token).ConfigureAwait(false);
                outcome = Describe(reply);
            }
            catch (OperationCanceledException)
            {
                outcome = "timeout";
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

    private async Task<HubReply> TryTwiceAsync(HubLink link, KeyDescription key, Share? share, CancellationToken cancellationToken)
    {
        var (reply, remedy) = await TryOnceAsync(link, key, share, cancellationToken).ConfigureAwait(false);
        if (remedy is null)
        {
            return reply;
        }

        await remedy.WaitAsync(cancellationToken).ConfigureAwait(false);
        return (await TryOnceAsync(link, key, share, cancellationToken).ConfigureAwait(false)).Reply;
    }

    /// <summary>One message. The remedy, when there is one, makes it worth while to send another.</summary>
    private async Task<(HubReply Reply, Task? Remedy)> TryOnceAsync(HubLink link, KeyDescription key, Share? share, CancellationToken cancellationToken)
    {
        // What nobody waits for any more is not worth its PSRD.
        cancellationToken.ThrowIfCancellationRequested();
        if (link.Session is not { } session)
        {
            return (HubReply.Nothing, null);
        }

        OutgoingRequest? request;
        var prepared = share is null ? session.TryPrepareGet(key, out request) : session.TryPreparePost(key, share, out request);
        if (prepared != PsrdOutcome.Ok)
        {
            var needed = (share?.Value.Length ?? 0) + Authentication.MessageMac.KeySize;
            return (HubReply.Nothing with { Error = DskeError.OutOfPsrd }, link.WantPsrd(PoolOwner.Client, needed));
        }

        var response = await transport.SendAsync(link.Hub, request!, cancellationToken).ConfigureAwait(false);
        var reply = session.Read(request!, response);
        link.NoteHubView(reply.PsrdAvailable);
        return (reply, RemedyFor(link, reply));
    }

    private static Task? RemedyFor(HubLink link, HubReply reply) => reply switch
    {
        { Kind: HubAnswerKind.Accepted } => null,
        { Error: DskeError.OutOfPsrd } => link.WantPsrd(PoolOwner.Hub, Math.Clamp(reply.PsrdNeeded ?? 0, link.Settings.RefillTo, KeySizes.MaxBytes * 2)),
        { Kind: HubAnswerKind.None, Error: DskeError.ClientNotRegistered or DskeError.PsrdUnknownBlock } => link.WantRegistration(),
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
