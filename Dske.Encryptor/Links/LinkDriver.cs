using System.Net;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Telemetry;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>
/// The initiator's side of one link, for as long as it is configured here: begins sessions, rolls over, shows that it is there, and goes on trying when
/// something fails. One task; nothing else begins sessions as an initiator.
/// </summary>
internal sealed class LinkDriver : IDisposable
{
    private readonly Link _link;
    private readonly EncryptorSettings _settings;
    private readonly EpochProposer _proposer;
    private readonly LinkClient _client;
    private readonly LinkTelemetry _telemetry;
    private readonly TimeProvider _time;
    private bool _isFilling = true;
    private int _failures;
    private TimeSpan? _retryAfter;
    private long _readyAt;
    private bool _isReadyMissing;

    public LinkDriver(
        Link link, EncryptorSettings settings, KmeExchange kme, LinkClient client, LinkTelemetry telemetry, IEntropySource entropy, TimeProvider time)
    {
        (_link, _settings, _client, _telemetry, _time) = (link, settings, client, telemetry, time);
        _proposer = new EpochProposer(link, settings, kme, entropy, time);
    }

    /// <summary>Drives the link until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await _link.WaitAsync(await StepAsync(cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The link was taken down, or the encryptor stops.
        }
    }

    /// <summary>Tells the responder that the link ends. It does what it can.</summary>
    public async Task CloseAsync(LinkSession session, CancellationToken cancellationToken)
    {
        if (session.Role == LinkRole.Initiator)
        {
            await _client.SendAsync(_link.Peer, session.Write(LinkMessageType.Close), cancellationToken);
        }
    }

    /// <summary>Zeroes keys that were not agreed upon. It does not run any more.</summary>
    public void Dispose() => _proposer.Dispose();

    // Does what is due, and says how long nothing will be.
    private async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        var session = _link.Session;
        if (session is { Role: LinkRole.Responder } && !IsOursToDrive)
        {
            return LinkLimits.Heartbeat;
        }

        if (_link.Settings is not { } settings)
        {
            return LinkLimits.Heartbeat;
        }

        var mine = session is { Role: LinkRole.Initiator } && session.Cipher == settings.Cipher ? session : null;
        if (mine is not null && (_isReadyMissing || _time.GetElapsedTime(_readyAt) >= LinkLimits.Heartbeat))
        {
            await SendReadyAsync(mine, cancellationToken);
            mine = _link.Session == mine ? mine : null;
            if (mine is not null && _isReadyMissing)
            {
                // A further hello would tell the responder that this epoch came to nothing, while we send with it.
                return BackOff();
            }
        }

        if (mine is null || IsDue(mine, settings))
        {
            return await RollOverAsync(mine, settings, cancellationToken) ? UntilDue(settings) : BackOff();
        }

        return UntilDue(settings);
    }

    private bool IsOursToDrive => string.CompareOrdinal(_settings.SaeId.Value, _link.Peer.SaeId.Value) < 0;

    private bool IsDue(LinkSession session, LinkSettings settings) => settings.Cipher == LinkCipher.OneTimePad
        ? IsFilling(session, settings)
        : session.IsSpent || _time.GetElapsedTime(session.EpochAt) >= settings.RollOver;

    // A request brings only so much: a reserve that was low is filled to the top.
    private bool IsFilling(LinkSession session, LinkSettings settings) =>
        _isFilling = PadPlan.IsLow(session.Secrets, settings) || (_isFilling && !PadPlan.IsFull(session.Secrets, settings));

    private TimeSpan UntilDue(LinkSettings settings)
    {
        if (_link.Session is not { Role: LinkRole.Initiator } session)
        {
            return TimeSpan.Zero;
        }

        var heartbeat = LinkLimits.Heartbeat - _time.GetElapsedTime(_readyAt);
        if (settings.Cipher == LinkCipher.OneTimePad)
        {
            // What the other end has left shows in what it sends.
            return IsFilling(session, settings) ? TimeSpan.Zero : PadPlan.Poll;
        }

        var due = settings.RollOver - _time.GetElapsedTime(session.EpochAt);
        return due < heartbeat ? due : heartbeat;
    }

    private TimeSpan BackOff()
    {
        var pause = LinkLimits.FirstBackOff * Math.Pow(2, Math.Min(_failures++, 10));
        pause = pause < LinkLimits.LongestBackOff ? pause : LinkLimits.LongestBackOff;
        return _retryAfter is { } wish && wish > pause && wish < TimeSpan.FromMinutes(1) ? wish : pause;
    }

    private async Task<bool> RollOverAsync(LinkSession? session, LinkSettings settings, CancellationToken cancellationToken)
    {
        using var span = _telemetry.BeginEpoch(LinkRole.Initiator, _link.Peer.SaeId);
        _retryAfter = null;
        var problem = await TryRollOverAsync(session, settings, cancellationToken);
        if (problem is not null)
        {
            span.Fail(problem);
            _link.ReportNotFresh(problem);
            return false;
        }

        _failures = 0;
        _link.ReportFresh();
        _link.Counters.CountRollOver();
        span.Succeed(_link.Session?.Epoch);
        return true;
    }

    private async Task<string?> TryRollOverAsync(LinkSession? session, LinkSettings settings, CancellationToken cancellationToken)
    {
        if (await _proposer.ProposeAsync(session, settings, cancellationToken) is { } problem)
        {
            _retryAfter = _proposer.RetryAfter;
            return problem;
        }

        // A second attempt when the responder has another instance than we thought: it has not asked its KME then.
        for (var attempt = 0; ; attempt++)
        {
            var proposal = _proposer.Current!;
            var answer = await _client.SendAsync(_link.Peer, proposal.Message, cancellationToken);
            if (answer.Status == HttpStatusCode.OK)
            {
                return await TakeUpAsync(session, proposal, answer.Body!, settings, cancellationToken);
            }

            _retryAfter = answer.RetryAfter;
            if (answer is { Status: HttpStatusCode.Conflict, Type: EncryptorProblems.LinkInstance, Instance: { } instance }
                && instance != proposal.Hello.ResponderInstance
                && attempt == 0)
            {
                _proposer.ProposeTo(instance);
                session = null;
                continue;
            }

            if (!answer.IsUncertain)
            {
                _proposer.Discard();
            }

            return answer.Describe();
        }
    }

    private async Task<string?> TakeUpAsync(
        LinkSession? session, EpochProposal proposal, byte[] answer, LinkSettings settings, CancellationToken cancellationToken)
    {
        var hello = proposal.Hello;
        var expected = new LinkConfirmation(LinkMessageType.Accept, hello.InitiatorInstance, hello.ResponderInstance, hello.Epoch);
        if (!LinkConfirmation.TryRead(answer, out var accept) || accept != expected || !proposal.Confirmation.Verify(answer))
        {
            _link.Counters.CountRejected("accept");
            _proposer.Discard();
            return "The peer's answer does not prove that it holds the keys.";
        }

        IReadOnlyList<SecretBytes> keys = [.. proposal.Keys.Select(static key => key.Key)];
        if (session is null)
        {
            session = new LinkSession(
                LinkRole.Initiator, hello, proposal.Unsigned, keys, proposal.Confirmation, settings.RollOverBytes, _link.Wake, _time);
            session.Activate();
            _proposer.NoteBegun();
            if (!_link.Begin(session))
            {
                return "The link was taken down.";
            }
        }
        else
        {
            session.RollOverBytes = settings.RollOverBytes;
            session.Install(hello, proposal.Unsigned, keys, proposal.Confirmation);
            session.Activate();
        }

        _proposer.NoteTakenUp();
        _isReadyMissing = true;
        await SendReadyAsync(session, cancellationToken);

        // One that accepts and then knows nothing of it does not get keys after keys without a pause.
        return _link.Session == session ? null : "The peer gave the link up as soon as it had accepted it.";
    }

    private async Task SendReadyAsync(LinkSession session, CancellationToken cancellationToken)
    {
        _readyAt = _time.GetTimestamp();
        var answer = await _client.SendAsync(_link.Peer, session.Write(LinkMessageType.Ready), cancellationToken);
        if (answer.Status == HttpStatusCode.NoContent)
        {
            _isReadyMissing = false;
            _link.ReportHeard();
        }
        else if (answer is { Status: HttpStatusCode.Conflict, Type: EncryptorProblems.LinkInstance })
        {
            // The responder has started again, and has nothing of what we have.
            _proposer.Responder = answer.Instance ?? _proposer.Responder;
            _link.End(session, reason: null);
        }
        else
        {
            _link.ReportNotHeard(answer.Describe());
        }
    }
}
