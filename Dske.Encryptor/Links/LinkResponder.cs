using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Telemetry;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>
/// The responder's side of the agreement. What can be refused without keys is refused before the KME is asked: every answer of the KME costs keys.
/// </summary>
internal sealed class LinkResponder
{
    private readonly EncryptorSettings _settings;
    private readonly LinkTable _links;
    private readonly KmeExchange _kme;
    private readonly LinkTelemetry _telemetry;
    private readonly TimeProvider _time;

    public LinkResponder(EncryptorSettings settings, LinkTable links, KmeExchange kme, LinkTelemetry telemetry, TimeProvider time) =>
        (_settings, _links, _kme, _telemetry, _time) = (settings, links, kme, telemetry, time);

    /// <summary>Takes a message.</summary>
    /// <param name="peer">The known peer that sent it, as far as the transport says.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends it; keys on their way are lost.</param>
    public async Task<EpochVerdict> TakeAsync(Peer peer, byte[] message, CancellationToken cancellationToken)
    {
        if (LinkHello.TryRead(message, out var hello))
        {
            if (hello.Initiator != peer.SaeId || hello.Responder != _settings.SaeId)
            {
                return new EpochVerdict(EpochOutcome.Foreign);
            }

            var link = _links.GetOrAdd(peer);
            var verdict = await TakeHelloAsync(link, hello, message, cancellationToken);
            if (verdict.Outcome is EpochOutcome.Replayed or EpochOutcome.NotConfirmed or EpochOutcome.TooMany)
            {
                link.Counters.CountRejected(verdict.Outcome switch
                {
                    EpochOutcome.Replayed => "hello_replayed",
                    EpochOutcome.NotConfirmed => "hello_forged",
                    _ => "hello_limited",
                });
            }

            return verdict;
        }

        return LinkConfirmation.TryRead(message, out var confirmation) && confirmation.Type != LinkMessageType.Accept
            ? Take(peer, confirmation, message)
            : new EpochVerdict(EpochOutcome.Malformed);
    }

    private async Task<EpochVerdict> TakeHelloAsync(Link link, LinkHello hello, byte[] message, CancellationToken cancellationToken)
    {
        if (link.Settings is not null && string.CompareOrdinal(_settings.SaeId.Value, link.Peer.SaeId.Value) < 0)
        {
            return new EpochVerdict(EpochOutcome.DrivenHere);
        }

        if (hello.ResponderInstance != link.ResponderInstance)
        {
            return new EpochVerdict(EpochOutcome.OtherInstance, Instance: link.ResponderInstance);
        }

        await link.Agreeing.WaitAsync(cancellationToken);
        try
        {
            if (link.Answered is { } answered && answered.Hello.AsSpan().SequenceEqual(message))
            {
                return new EpochVerdict(EpochOutcome.Accepted, answered.Accept);
            }

            var session = link.Session is { Role: LinkRole.Responder } current && current.InitiatorInstance == hello.InitiatorInstance ? current : null;
            if (link.WasRetired(hello.InitiatorInstance) || (session is not null && (hello.Epoch <= session.Epoch || hello.Cipher != session.Cipher)))
            {
                return new EpochVerdict(EpochOutcome.Replayed);
            }

            if (!PadPlan.HasRoom(session?.Secrets, hello) || !link.Budget.TryTake())
            {
                return new EpochVerdict(EpochOutcome.TooMany);
            }

            using var span = _telemetry.BeginEpoch(LinkRole.Responder, link.Peer.SaeId);
            var verdict = await AgreeAsync(link, session, hello, message, cancellationToken);
            if (verdict.Outcome == EpochOutcome.Accepted)
            {
                span.Succeed(hello.Epoch);
            }
            else
            {
                link.Counters.CountFailure();
                span.Fail(verdict.Outcome.ToString());
            }

            return verdict;
        }
        finally
        {
            link.Agreeing.Release();
        }
    }

    private async Task<EpochVerdict> AgreeAsync(
        Link link, LinkSession? session, LinkHello hello, byte[] message, CancellationToken cancellationToken)
    {
        var delivery = await _kme.GetOfferedAsync(link.Peer.SaeId, hello.KeyIds, cancellationToken);
        if (!delivery.Succeeded)
        {
            return new EpochVerdict(EpochOutcome.KmeFailed, KmeFailure: delivery);
        }

        using var container = delivery.Value;
        if (container.Keys.Any(key => key.Key.Length != hello.KeyBytes))
        {
            return new EpochVerdict(EpochOutcome.NotConfirmed);
        }

        var unsigned = message.AsSpan(0, message.Length - EpochConfirmation.MacSize);
        var confirmation = EpochConfirmation.Derive(unsigned, container.Keys[0].Key.Span[..EpochConfirmation.RootSize]);
        if (!confirmation.Verify(message))
        {
            confirmation.Dispose();
            return new EpochVerdict(EpochOutcome.NotConfirmed);
        }

        var accept = confirmation.Write(new LinkConfirmation(LinkMessageType.Accept, hello.InitiatorInstance, hello.ResponderInstance, hello.Epoch));
        IReadOnlyList<SecretBytes> keys = [.. container.Keys.Select(static key => key.Key)];
        if (session is not null)
        {
            session.Install(hello, unsigned, keys, confirmation);
        }
        else if (!link.Begin(new LinkSession(LinkRole.Responder, hello, unsigned, keys, confirmation, long.MaxValue, static () => { }, _time)))
        {
            return new EpochVerdict(EpochOutcome.OtherInstance, Instance: link.ResponderInstance);
        }

        link.ReportHeard();
        link.Answered = (message, accept);
        link.Counters.CountRollOver();
        return new EpochVerdict(EpochOutcome.Accepted, accept);
    }

    private EpochVerdict Take(Peer peer, LinkConfirmation confirmation, byte[] message)
    {
        var link = _links.GetOrAdd(peer);
        if (link.Session is not { Role: LinkRole.Responder } session
            || session.InitiatorInstance != confirmation.Initiator
            || session.ResponderInstance != confirmation.Responder)
        {
            return new EpochVerdict(EpochOutcome.OtherInstance, Instance: link.ResponderInstance);
        }

        if (!session.Verify(confirmation, message))
        {
            link.Counters.CountRejected("confirmation_forged");
            return new EpochVerdict(EpochOutcome.NotConfirmed);
        }

        if (confirmation.Type == LinkMessageType.Close)
        {
            link.End(session, reason: null);
            _links.RemoveIfUnwanted(link);
            return new EpochVerdict(EpochOutcome.Taken);
        }

        if (confirmation.Epoch == session.Epoch)
        {
            session.Activate();
        }

        link.ReportHeard();
        return new EpochVerdict(EpochOutcome.Taken);
    }
}
