using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>
/// Keeps one link in order: registers, fills both pools before anyone waits for them, and starts over when the hub lost its state.
/// The only one that registers or fetches for its link, so that nothing is done twice.
/// </summary>
/// <remarks>Not safe for concurrent use: one loop calls it. What it changes, it changes through the link.</remarks>
internal sealed class LinkKeeper(
    HubLink link, NodeName client, RegistrationRequest registration, Guid instance, string networkHash, IPsrdStore store, IHubTransport transport, ClientLimits limits, ClientMetrics metrics, TimeProvider time)
{
    private static readonly PoolOwner[] Owners = [PoolOwner.Client, PoolOwner.Hub];

    private bool _wasNative;
    private TimeSpan _pause = TimeSpan.Zero;
    private bool _registrationOwed;
    private long? _registeredAt;

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
                await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TryRunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the other links do not suffer, and this one is tried again.
            metrics.ReportFault(link.Hub.Value, fault);
            return false;
        }
    }

    /// <summary>One round: registers if due or wanted, then fills both pools.</summary>
    /// <returns>False when the hub did not do its part: try again soon.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var wishes = link.TakeWishes();
        var succeeded = false;
        try
        {
            // What was asked for and could not be done yet is still owed.
            _registrationOwed |= wishes.Registration;
            if (IsRegistrationDue() && !await RegisterAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            var session = link.Session!;
            foreach (var owner in Owners)
            {
                if (!await FillAsync(session, owner, wishes.Bytes(owner), cancellationToken).ConfigureAwait(false))
                {
                    // A hub that refuses a block may have forgotten us. A foreign one drops all PSRD of a client that registers again: that
                    // costs nothing only when there is none to speak of.
                    _registeredAt = session.IsNative ? null : _registeredAt;
                    _registrationOwed |= !link.IsUsable;
                    return false;
                }
            }

            return succeeded = true;
        }
        finally
        {
            wishes.Settled.TrySetResult(succeeded);
        }
    }

    private bool IsRegistrationDue()
    {
        if (link.Session is not { } session || _registeredAt is not { } registeredAt)
        {
            return true;
        }

        // Foreign hubs drop all PSRD of a client that registers again: only when there is a reason to believe that it is lost.
        var age = time.GetElapsedTime(registeredAt);
        return (_registrationOwed && age >= limits.MinRegistrationInterval) || (session.IsNative && age >= limits.RenewInterval);
    }

    private async Task<bool> RegisterAsync(CancellationToken cancellationToken)
    {
        var reply = await transport.RegisterAsync(link.Hub, registration, instance, networkHash, cancellationToken).ConfigureAwait(false);

        // A link that was native once is never taken for a foreign one again: that would give up bound answers.
        if (reply is null || (reply.Instance is null && _wasNative))
        {
            return false;
        }

        _wasNative |= reply.Instance is not null;
        _registrationOwed = false;
        _registeredAt = time.GetTimestamp();
        link.NetworkMismatch = reply.NetworkHash is not null && reply.NetworkHash != networkHash;
        if (reply.PoolsReplaced || link.Session is not { IsNative: true } session || session.HubInstance != reply.Instance)
        {
            // First erased, then opened: the new session must not find the blocks of the old one in storage.
            link.ClearPools();
            link.Replace(new LinkSession(
                reply.Instance,
                reply.Instance is null ? link.ForeignDialect : Dialect.Guide,
                new LocalPool(store, new PsrdPoolKey(link.Hub, PoolOwner.Client)),
                new PeerPool(store, new PsrdPoolKey(link.Hub, PoolOwner.Hub))));
        }

        return true;
    }

    private async Task<bool> FillAsync(LinkSession session, PoolOwner owner, long wanted, CancellationToken cancellationToken)
    {
        var available = link.Available(owner);
        if (available >= Math.Max(link.Settings.RefillBelow, wanted))
        {
            return true;
        }

        for (var missing = Math.Max(link.Settings.RefillTo, wanted) - available; missing > 0; missing -= link.Settings.BlockSize)
        {
            using var block = await transport
                .FetchPsrdAsync(link.Hub, client, owner, link.Settings.BlockSize, session.Dialect, cancellationToken).ConfigureAwait(false);
            if (block is null || block.Data.Length == 0)
            {
                return false;
            }

            link.Add(session, owner, block);
        }

        return true;
    }

    private async Task WaitAsync(Task task, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(task, Task.Delay(atMost, time, timer.Token)).ConfigureAwait(false);
        await timer.CancelAsync().ConfigureAwait(false);
    }
}
