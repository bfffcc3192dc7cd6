using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>
/// Keeps one link in order: registers, agrees with the hub on where both are, fills both pools before anyone waits for them, and starts
/// over when one end lost track. The only one that registers, syncs or fetches for its link, so that nothing is done twice.
/// </summary>
/// <remarks>Not safe for concurrent use: one loop calls it, and imports of couriered files between its rounds. What it changes, it changes through the link.</remarks>
internal sealed partial class LinkKeeper(
    HubLink link,
    NodeName client,
    RegistrationRequest registration,
    string networkHash,
    IPsrdStore store,
    IClientStateStore state,
    CourierImports imports,
    IHubTransport transport,
    ClientLimits limits,
    ClientMetrics metrics,
    TimeProvider time) : IDisposable
{
    /// <summary>The most blocks that wait for confirmation at a time: hubs keep no more than a few.</summary>
    private const int MaxPending = 8;

    /// <summary>How often a round looks again whether the pools are full.</summary>
    private const int MaxPasses = 4;

    private TimeSpan _pause = TimeSpan.Zero;

    /// <summary>Runs until cancelled: one round when something is wanted or the registration is due, with growing pauses after failures.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var succeeded = await TryRunOnceAsync(cancellationToken).ConfigureAwait(false);
            _pause = succeeded ? TimeSpan.Zero
                : _pause == TimeSpan.Zero ? limits.MinRetryPause
                : _pause * 2 < limits.MaxRetryPause ? _pause * 2 : limits.MaxRetryPause;
            if (succeeded)
            {
                await WaitAsync(link.Wished, limits.RenewInterval, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                link.IsPausing = true;
                try
                {
                    await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    link.IsPausing = false;
                }
            }
        }
    }

    private async Task<bool> TryRunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await RunOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the other links do not suffer, and this one is tried again.
            metrics.ReportFault(link.Hub.Value, fault);
            return false;
        }
    }

    /// <summary>One round: registers if due or wanted, syncs if there is a reason to, then fills both pools.</summary>
    /// <returns>False when the hub did not do its part: try again soon.</returns>
    private async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var wishes = link.TakeWishes();
        var succeeded = false;
        try
        {
            // What was asked for and could not be done yet is still owed.
            _registrationOwed |= wishes.Registration;
            _syncOwed |= wishes.Sync;
            if (link.IsCouriered)
            {
                var isKept = await KeepCourieredAsync(cancellationToken).ConfigureAwait(false);
                succeeded = isKept && CountMissing(PoolOwner.Client, wishes) + CountMissing(PoolOwner.Hub, wishes) == 0;
                return isKept;
            }

            if (IsRegistrationDue() && !await IsStillKnownAsync(cancellationToken).ConfigureAwait(false)
                && !await RegisterAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            // A link without blocks gets its first ones before there is anything to agree on.
            var session = link.Session!;
            if (_syncOwed && session.ClientOwned.BlockCount > 0 && !await SyncOwedAsync(session, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            return succeeded = await FillAsync(session, wishes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            wishes.Settled.TrySetResult(succeeded);
        }
    }

    private async Task<bool> SyncOwedAsync(LinkSession session, CancellationToken cancellationToken)
    {
        // A hub that has nothing left to sign with confirms a fresh block by the sync that lists it, and signs from that.
        var isDry = _isEnrolled && _leftToHub < Authentication.MessageMac.KeySize;
        return (!isDry || await FetchAsync(session, PoolOwner.Hub, link.Settings.BlockSize, cancellationToken).ConfigureAwait(false))
            && await SyncAsync(session, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> FillAsync(LinkSession session, HubLink.Wishes wishes, CancellationToken cancellationToken)
    {
        // The sync that ends a pass may tell that the hub has less than this end thought, after answers that got lost, and others may have
        // used meanwhile what was fetched. A hub that never has enough, whatever it gets, is not served for ever.
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var (forClient, forHub) = (CountMissing(PoolOwner.Client, wishes), CountMissing(PoolOwner.Hub, wishes));
            if (forClient + forHub == 0)
            {
                break;
            }

            if (!await FillAsync(session, forClient, forHub, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> FillAsync(LinkSession session, int forClient, int forHub, CancellationToken cancellationToken)
    {
        var fetched = 0;
        while (forClient + forHub > 0)
        {
            var owner = forClient > 0 && (forHub == 0 || forClient >= forHub) ? PoolOwner.Client : PoolOwner.Hub;
            if (!await FetchAsync(session, owner, link.Settings.BlockSize, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            (forClient, forHub) = owner == PoolOwner.Client ? (forClient - 1, forHub) : (forClient, forHub - 1);
            if (session.IsNative && (++fetched % MaxPending == 0 || forClient + forHub == 0) && !await SyncAsync(session, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> FetchAsync(LinkSession session, PoolOwner owner, int size, CancellationToken cancellationToken)
    {
        using var block = await transport
            .FetchPsrdAsync(link.Hub, client, owner, size, session.Dialect, cancellationToken).ConfigureAwait(false);
        if (block is null || block.Data.Length != size)
        {
            // A hub that refuses a block may have forgotten us. A foreign one drops all PSRD of a client that registers again: that
            // costs nothing only when there is none to speak of.
            _registeredAt = session.IsNative ? null : _registeredAt;
            _registrationOwed |= !link.IsUsable;
            return false;
        }

        // What a courier carries never comes over a route as well, from an honest hub.
        if (imports.Brings(link.Hub, block.BlockUuid))
        {
            return false;
        }

        // The first block of a link is confirmed by enrolment; later ones wait for a sync.
        var isFirst = owner == PoolOwner.Client ? session.ClientOwned.BlockCount == 0 : session.HubOwned.BlockCount == 0;
        var confirmed = !session.IsNative || (!_isEnrolled && isFirst);
        var added = owner == PoolOwner.Client
            ? session.ClientOwned.TryAdd(block.BlockUuid, block.Data.Span, confirmed)
            : session.HubOwned.TryAdd(block.BlockUuid, block.Data.Span, confirmed);
        if (!added)
        {
            return false;
        }

        if (confirmed && owner == PoolOwner.Hub)
        {
            link.NoteAdded(block.Data.Length);
        }

        return true;
    }

    /// <summary>How many blocks to fetch: none as long as there is enough for now.</summary>
    private int CountMissing(PoolOwner owner, HubLink.Wishes wishes)
    {
        var (available, wanted) = (link.Available(owner), wishes.Bytes(owner));
        return available >= Math.Max(link.Settings.RefillBelow, wanted)
            ? 0
            : (int)((Math.Max(link.Settings.RefillTo, wanted) - available + link.Settings.BlockSize - 1) / link.Settings.BlockSize);
    }

    private async Task WaitAsync(Task task, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(task, Task.Delay(atMost, time, timer.Token)).ConfigureAwait(false);
        await timer.CancelAsync().ConfigureAwait(false);
    }
}
