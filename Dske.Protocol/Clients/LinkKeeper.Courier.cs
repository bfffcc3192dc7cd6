using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>How a client gets on with a hub from which everything out of band comes by courier, and how it takes in what a courier brought.</summary>
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
    private (Guid Link, Guid Instance)? Enrolment => !_isEnrolled && _record?.Courier is { } courier ? (courier, state.Instance) : null;

    /// <summary>Looks whether a file may be imported, as far as can be told before all of it was read.</summary>
    /// <returns>Why not.</returns>
    public async Task<DskeError?> CheckImportAsync(CourierReader reader, CancellationToken cancellationToken)
    {
        if (CheckManifest(reader.Manifest) is { } error)
        {
            return error;
        }

        // What the hub says is signed by nobody: it keeps a file from being imported now, and does nothing else. Not to ask would let a client that
        // has lost its disk read a file again of which bytes were used.
        var answer = await AskTurnAsync(reader.Header.File, cancellationToken).ConfigureAwait(false);
        return answer is null ? DskeError.CourierHubUnreachable
            : answer.HubInstance != reader.Manifest.HubInstance ? DskeError.CourierHubInstance
            : answer.AwaitsFile != true ? DskeError.CourierFileNotAwaited
            : null;
    }

    /// <summary>Takes in the blocks of a file that was checked to its end.</summary>
    /// <returns>Why not; then nothing changed.</returns>
    public async Task<DskeError?> ImportAsync(CourierReader reader, CancellationToken cancellationToken)
    {
        var manifest = reader.Manifest;
        var blocks = manifest.Blocks.Select(block => new CourieredBlock(block.Owner, block.Id, block.Size)).ToList();
        imports.TakeBackIfInterrupted(reader.Header.File);
        var import = new ImportRecord(
            reader.Header.File, link.Hub, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), IsComplete: false, blocks);
        var counts = false;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // From here on nothing of these names is fetched: between a look and a note of them, the hub could hand one out over the route.
            if (blocks.Exists(block => store.Knows(new PsrdPoolKey(link.Hub, block.Owner), block.Id)))
            {
                return DskeError.CourierFileImported;
            }

            imports.Begin(import);
        }
        finally
        {
            _gate.Release();
        }

        try
        {
            var added = blocks.ConvertAll(block => (block.Owner, Block: store.Add(
                new PsrdPoolKey(link.Hub, block.Owner), block.Id, block.Size, (_, destination) => Read(reader, destination, cancellationToken), confirmed: false)));
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (CheckManifest(manifest) is { } error)
                {
                    return error;
                }

                Count(import, manifest, added, ref counts);
                return null;
            }
            finally
            {
                _gate.Release();
            }
        }
        finally
        {
            if (!counts)
            {
                imports.TakeBack(import);
            }
        }
    }

    private static void Read(CourierReader reader, Span<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (reader.TryRead(destination) is not null)
        {
            throw new IOException("The couriered file has changed while it was read.");
        }
    }

    private void Count(ImportRecord import, CourierManifest manifest, IReadOnlyList<(PoolOwner Owner, IPsrdBlock Block)> added, ref bool counts)
    {
        if (Replaces(manifest))
        {
            var record = new LinkRecord(link.Hub, manifest.HubInstance, WasNative: true, Enrolled: false, manifest.Enrols);
            imports.Complete(import, record);
            counts = true;
            _record = record;
            _isEnrolled = false;
            BeginCouriered();
        }
        else
        {
            imports.Complete(import, link: null);
            counts = true;
            foreach (var (owner, block) in added)
            {
                link.Session?.Hold(owner, block);
            }
        }

        _syncOwed = true;
        link.WantSync();
    }

    /// <summary>
    /// Puts the link that a file begins in the place of the one that there was. The file counts by now, so that storage that fails is no failure of the
    /// import: the next round opens the link, and erases what is left of the other one.
    /// </summary>
    private void BeginCouriered()
    {
        var old = link.Session;
        link.Close();
        try
        {
            try
            {
                old?.ClientOwned.Clear();
            }
            finally
            {
                old?.HubOwned.Clear();
            }

            OpenCouriered();
        }
        catch (IOException fault)
        {
            metrics.ReportFault(link.Hub.Value, fault);
        }
    }

    /// <summary>Whether a file begins a link in the place of the one that there is.</summary>
    private bool Replaces(CourierManifest manifest) => manifest.Enrols is not null && _record?.Courier != manifest.Enrols;

    private DskeError? CheckManifest(CourierManifest manifest)
    {
        if (manifest.Network != networkHash)
        {
            return DskeError.CourierNetworkDiffers;
        }

        if (manifest.Enrols is null && manifest.ClientInstance != state.Instance)
        {
            return DskeError.CourierClientInstance;
        }

        if (manifest.Enrols is not null && !link.IsCouriered)
        {
            return DskeError.CourierNotWanted;
        }

        if (manifest.Enrols is not null && registration.EncryptorNames.Except(manifest.Encryptors, StringComparer.Ordinal).Any())
        {
            return DskeError.CourierEncryptorsDiffer;
        }

        if (!Replaces(manifest) && _record?.HubInstance != manifest.HubInstance)
        {
            return _record?.HubInstance is null ? DskeError.CourierClientInstance : DskeError.CourierHubInstance;
        }

        if (manifest.Enrols is null && !_record!.Enrolled)
        {
            return DskeError.CourierClientInstance;
        }

        var most = Math.Max(
            (link.Session?.ClientOwned.BlockCount ?? 0) + manifest.Blocks.Count(block => block.Owner == PoolOwner.Client),
            (link.Session?.HubOwned.BlockCount ?? 0) + manifest.Blocks.Count(block => block.Owner == PoolOwner.Hub));
        return most > SyncQuery.MaxBlocks && !Replaces(manifest) ? DskeError.PsrdLimitReached : null;
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
