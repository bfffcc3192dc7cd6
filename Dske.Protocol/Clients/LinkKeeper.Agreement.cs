using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>How a client comes to an agreement with a hub: registration out of band, sync in band.</summary>
internal sealed partial class LinkKeeper
{
    /// <summary>The size of a block that is fetched to find out whether a foreign hub still knows this client, in bytes.</summary>
    private const int ProbeSize = 1024;

    /// <summary>So many of them may be there beyond what the pool is filled up to.</summary>
    private const int MaxProbes = 16;

    private LinkRecord? _record = state.LoadLink(link.Hub);
    private bool _isEnrolled;
    private bool _registrationOwed;
    private bool _syncOwed;
    private bool _startOverOwed;
    private long? _registeredAt;
    private Guid _turn;
    private long _leftToHub;

    private bool IsRegistrationDue()
    {
        if (link.Session is not { } session || _registeredAt is not { } registeredAt || _startOverOwed)
        {
            return true;
        }

        // Foreign hubs drop all PSRD of a client that registers again: only when there is a reason to believe that it is lost.
        var age = time.GetElapsedTime(registeredAt);
        return (_registrationOwed && age >= limits.MinRegistrationInterval) || (session.IsNative && age >= limits.RenewInterval);
    }

    /// <summary>
    /// Finds out whether a foreign hub still knows this client, whatever somebody said in band: it drops all PSRD of a client that registers
    /// again, so that this one does not before the hub refuses it a block, out of band.
    /// </summary>
    private async Task<bool> IsStillKnownAsync(CancellationToken cancellationToken)
    {
        if (_startOverOwed || link.Session is not { IsNative: false } session)
        {
            return false;
        }

        // The block is used like any other. Where there are enough, whoever forges errors has to wait, like the hub's own, until some are used.
        var (size, most) = (Math.Min(ProbeSize, link.Settings.BlockSize), link.Settings.RefillTo + (MaxProbes * ProbeSize));
        if (link.Available(PoolOwner.Client) >= most || await FetchAsync(session, PoolOwner.Client, size, cancellationToken).ConfigureAwait(false))
        {
            _registrationOwed = false;
            _registeredAt = time.GetTimestamp();
            return true;
        }

        // The hub may have dropped everything though its answer gets lost: what was begun has to be ended.
        _startOverOwed = true;
        return false;
    }

    private async Task<bool> RegisterAsync(CancellationToken cancellationToken)
    {
        // As long as no authentic answer has come over the link there is nothing to keep, whatever the hub still has.
        var isRestored = link.Session is null && _record is { Enrolled: true };
        var startOver = _startOverOwed || (!_isEnrolled && !isRestored);
        var reply = await transport
            .RegisterAsync(link.Hub, registration, state.Instance, networkHash, startOver, cancellationToken).ConfigureAwait(false);

        // A link that was native once is never taken for a foreign one again: that would give up bound answers.
        if (reply is null || (reply.Instance is null ? _record is { WasNative: true } : reply.Statement is null))
        {
            return false;
        }

        link.NetworkMismatch = reply.NetworkHash is not null && reply.NetworkHash != networkHash;
        if (!TryKeepSession(reply, startOver))
        {
            // Should storage fail half way, the link is to begin anew again.
            _startOverOwed = true;
            BeginAnew(reply);
        }

        _registrationOwed = _startOverOwed = false;
        _registeredAt = time.GetTimestamp();

        return reply.Statement is not { } statement || TryAdopt(statement);
    }

    /// <summary>Goes on with the session, or after a start with what storage holds of it, if the hub lost nothing either.</summary>
    private bool TryKeepSession(RegistrationReply reply, bool startOver)
    {
        if (reply.PoolsReplaced || startOver || reply.Instance is not { } instance)
        {
            return false;
        }

        if (link.Session is null && _record is { Enrolled: true } && _record.HubInstance == instance)
        {
            link.Replace(OpenSession(instance));
            _isEnrolled = _syncOwed = true;
        }

        return link.Session?.HubInstance == instance;
    }

    private void BeginAnew(RegistrationReply reply)
    {
        // First erased, then opened: the new session must not find the blocks of the old one in storage.
        var old = link.Session ?? OpenSession(reply.Instance);
        old.ClientOwned.Clear();
        old.HubOwned.Clear();
        _isEnrolled = false;
        Save(new LinkRecord(link.Hub, reply.Instance, (_record?.WasNative ?? false) || reply.Instance is not null, Enrolled: false));
        link.Replace(OpenSession(reply.Instance));
        _syncOwed = reply.Instance is not null;
    }

    private LinkSession OpenSession(Guid? hubInstance)
    {
        var couriered = imports.BlocksOf(link.Hub);
        var session = new LinkSession(
            hubInstance,
            hubInstance is null ? link.ForeignDialect : Dialect.Guide,
            new LocalPool(store, new PsrdPoolKey(link.Hub, PoolOwner.Client), keepsReserve: hubInstance is not null, couriered),
            new PeerPool(store, new PsrdPoolKey(link.Hub, PoolOwner.Hub), couriered));
        foreach (var (owner, block) in imports.Waiting(link.Hub))
        {
            session.Hold(owner, block);
        }

        return session;
    }

    /// <summary>
    /// Takes over what the hub says out of band, so that the sync that follows is signed with bytes that the hub can still read and that
    /// were never used before.
    /// </summary>
    private bool TryAdopt(LinkStatement statement)
    {
        var session = link.Session!;
        if (!session.ClientOwned.TryAdopt(statement.ClientOwned, confirms: false))
        {
            SoundAlarm();
            return false;
        }

        NoteStatement(session, statement);
        if (statement.Turn != _turn)
        {
            // The hub has started again, or a sync went through whose answer did not arrive.
            _turn = statement.Turn;
            _syncOwed = true;
        }

        return true;
    }

    private async Task<bool> SyncAsync(LinkSession session, CancellationToken cancellationToken)
    {
        _syncOwed = true;
        if (session.TryPrepareSync(client, _turn, out var request, Enrolment) != PsrdOutcome.Ok)
        {
            // Nothing in common with the hub is left to sign with.
            _startOverOwed = true;
            metrics.CountSync(link.Hub.Value, "out-of-psrd");
            return false;
        }

        var reply = session.ReadSync(request!, await SendAsync(request!, cancellationToken).ConfigureAwait(false), time, NoteBegun);
        metrics.CountSync(link.Hub.Value, reply switch
        {
            { Error: { } error } => DskeErrors.GetName(error),
            { Kind: HubAnswerKind.Accepted } => "ok",
            _ => "no-answer",
        });
        if (reply is not { Kind: HubAnswerKind.Accepted, Statement: { } statement })
        {
            // Whatever it was, the hub's next statement tells how to go on.
            _registrationOwed = true;
            ForfeitForRestartedHub(session, reply.Error);
            TurnToOtherFile(session, reply.Error);
            return false;
        }

        if (reply.Error is not null)
        {
            SoundAlarm();
            return false;
        }

        _turn = statement.Turn;
        _syncOwed = false;
        NoteStatement(session, statement);
        if (!_isEnrolled)
        {
            Save(_record! with { Enrolled = true });
            _isEnrolled = true;
        }

        return true;
    }

    private async Task<HubResponse?> SendAsync(OutgoingRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limits.HubTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await transport.SendAsync(link.Hub, request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// This client's storage is an older copy. What was used since it was made nobody can tell for certain, so that all of the link's PSRD is
    /// given up.
    /// </summary>
    private void SoundAlarm()
    {
        _startOverOwed = true;
        GiveUpCouriered();
        metrics.CountSetBack(link.Hub.Value);
        link.NoteSetBack();
    }

    private void NoteStatement(LinkSession session, LinkStatement statement)
    {
        _leftToHub = session.HubOwned.CountLeftToOwner(statement.HubOwned);
        link.NoteStatement(session, statement);
    }

    private void Save(LinkRecord record)
    {
        if (record != _record)
        {
            state.SaveLink(record);
            _record = record;
        }
    }
}
