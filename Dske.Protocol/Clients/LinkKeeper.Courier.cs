using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Clients;

/// <summary>How a client gets on with a hub from which everything out of band comes by courier.</summary>
internal sealed partial class LinkKeeper
{
    private static readonly TimeSpan ForfeitInterval = TimeSpan.FromMinutes(1);

    private long? _forfeitedAt;

    /// <summary>Held by each round of the loop, and by an import while it changes the link.</summary>
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>The hub.</summary>
    public NodeName Hub => link.Hub;

    /// <summary>To be called when neither the loop nor an import runs any more.</summary>
    public void Dispose() => _gate.Dispose();

    /// <summary>What the first sync of a link says that a file begins; null for all others.</summary>
    private (Guid Link, Guid Instance)? Enrolment => !_isEnrolled && _record?.Courier is { } courier ? (courier, InstanceFor(courier)) : null;

    /// <summary>
    /// What the hub of a link that a file began knows this client's instance by: the first sync says it in clear, where the instance itself, which stands
    /// in for a password where clients register without tokens, has no place.
    /// </summary>
    private Guid InstanceFor(Guid courier)
    {
        Span<byte> instance = stackalloc byte[16];
        Span<byte> derived = stackalloc byte[16];
        state.Instance.TryWriteBytes(instance, bigEndian: true, out _);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, instance, derived, salt: courier.ToByteArray(bigEndian: true), info: Encoding.ASCII.GetBytes(Labels.CourierInstance));
        instance.Clear();
        derived[6] = (byte)((derived[6] & 0x0F) | 0x40);
        derived[8] = (byte)((derived[8] & 0x3F) | 0x80);
        return new Guid(derived, bigEndian: true);
    }

    /// <summary>One round on a link that is neither registered nor filled by itself: finds out the hub's turn, and syncs if there is a reason to.</summary>
    /// <returns>False when the hub did not do its part: try again soon.</returns>
    private async Task<bool> KeepCourieredAsync(CancellationToken cancellationToken)
    {
        if (link.Session is null && !OpenCouriered())
        {
            // Until a file comes there is nothing to do.
            return true;
        }

        var session = link.Session!;
        if (_syncOwed || (_registrationOwed && IsDue(limits.MinRegistrationInterval)) || IsDue(limits.RenewInterval))
        {
            var answer = await AskTurnAsync(file: null, cancellationToken).ConfigureAwait(false);
            if (answer?.HubInstance != session.HubInstance || (answer!.Turn is null && _isEnrolled))
            {
                return false;
            }

            _registrationOwed = false;
            _registeredAt = time.GetTimestamp();
            _syncOwed |= answer.Turn != _turn || !_isEnrolled;
            _turn = answer.Turn ?? Guid.Empty;
        }

        return !_syncOwed || await SyncAsync(session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A hub that has started again has lost its open windows, and where it cannot be asked how far it is, it refuses what is signed with bytes of them.
    /// The refusal is signed by nobody: it costs the rest of a window, 64 KiB at most, and no more than one a minute.
    /// </summary>
    private void ForfeitForRestartedHub(LinkSession session, DskeError? refusal)
    {
        if (link.IsCouriered && refusal == DskeError.PsrdAlreadyUsed && (_forfeitedAt is not { } last || time.GetElapsedTime(last) >= ForfeitInterval))
        {
            _forfeitedAt = time.GetTimestamp();
            session.ClientOwned.ForfeitWindows();
        }
    }

    /// <summary>
    /// A hub may know nothing of the file whose bytes signed: then another one's are tried. Refusals for other reasons, and answers that got lost, say
    /// nothing of the file.
    /// </summary>
    private static void TurnToOtherFile(LinkSession session, DskeError? refusal)
    {
        if (refusal is DskeError.SignatureInvalid or DskeError.PsrdUnknownBlock or DskeError.PsrdAlreadyUsed)
        {
            session.ClientOwned.TurnToNextHeld();
        }
    }

    /// <summary>
    /// The hub has shown that the link that a file began is in use. First durable, then are blocks confirmed: a start in between must not take those for
    /// blocks of a link that is no more.
    /// </summary>
    private void NoteBegun()
    {
        if (_record is { Courier: not null } record)
        {
            Save(record with { Enrolled = true });
        }
    }

    private bool IsDue(TimeSpan interval) => _registeredAt is not { } last || time.GetElapsedTime(last) >= interval;

    /// <summary>Opens what storage holds of a link that a file, or a registration at an earlier time, has begun.</summary>
    private bool OpenCouriered()
    {
        if (_record is not { HubInstance: { } instance } || !(_record.Enrolled || _record.Courier is not null))
        {
            return false;
        }

        var session = OpenSession(instance);
        if (!_record.Enrolled)
        {
            // Whatever else is there is of a link that is no more.
            session.ClientOwned.EmptyButHeld();
            session.HubOwned.EmptyButHeld();
        }

        link.Replace(session);
        _isEnrolled = _record.Enrolled;
        _syncOwed = true;
        _registeredAt = null;
        return true;
    }

    /// <summary>This client's storage is an older copy: the link is over until a file begins it anew.</summary>
    private void GiveUpCouriered()
    {
        if (link.IsCouriered && link.Session is { } session)
        {
            session.ClientOwned.Clear();
            session.HubOwned.Clear();
            Save(new LinkRecord(link.Hub, _record!.HubInstance, WasNative: true, Enrolled: false));
            link.Close();
        }
    }

    private async Task<LinkTurn?> AskTurnAsync(Guid? file, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limits.HubTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await transport.AskTurnAsync(link.Hub, new LinkTurnQuery(client, file), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
