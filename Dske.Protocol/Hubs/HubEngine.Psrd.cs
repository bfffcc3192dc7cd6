using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub makes PSRD.</summary>
public sealed partial class HubEngine
{
    /// <summary>Makes a block of PSRD for a client, keeps one copy and gives the other away (guide, "Request Pre-Shared Random Data").</summary>
    /// <param name="clientName">The client that asks.</param>
    /// <param name="owner">Which end will allocate from it.</param>
    /// <param name="size">The size, in bytes.</param>
    /// <param name="error">Why not; null when the result is a block.</param>
    /// <returns>The block, which the caller disposes; null when refused.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="clientName"/> is null.</exception>
    /// <exception cref="IOException">The storage failed; nothing was made.</exception>
    public PsrdAnswer? IssuePsrd(string clientName, PoolOwner owner, long size, out DskeError? error)
    {
        ArgumentNullException.ThrowIfNull(clientName);
        if (size < 1 || size > _limits.MaxBlockSize)
        {
            error = DskeError.PsrdSizeOutOfRange;
            return null;
        }

        if (!_clients.TryGet(clientName, out var client))
        {
            error = DskeError.ClientNotRegistered;
            return null;
        }

        lock (client.Link.Issuing)
        {
            return IssuePsrd(client, owner, (int)size, out error);
        }
    }

    private bool IsFull(ClientLink link, PoolOwner owner, long size)
    {
        var blocks = owner == PoolOwner.Hub ? link.HubOwned.GetStatus() : link.ClientOwned.GetStatus();

        // What couriers carry has a limit of its own, and must not keep a client from what it needs until it arrives.
        return blocks.Sum(block => block.IsCouriered ? 0 : block.UnusedBytes) + size > _limits.MaxPoolBytes || blocks.Count >= _limits.MaxBlocksPerPool;
    }

    /// <summary>Makes room for a block. Whoever fetches blocks in a client's name keeps the client from nothing: they are the first to go.</summary>
    private bool TryMakeRoom(ClientLink link, PoolOwner owner, long size)
    {
        var oldest = _time.GetUtcNow() - _limits.PendingTime;
        lock (link.Gate)
        {
            if (link.RetiredOnFetch.Contains(owner))
            {
                Apply(link, owner, pool => pool.Empty(), pool => pool.Empty());
                link.RetiredOnFetch.Remove(owner);
            }
        }

        Apply(link, owner, pool => pool.DropPending(oldest, _limits.MaxPendingBlocks - 1), pool => pool.DropPending(oldest, _limits.MaxPendingBlocks - 1));
        if (IsFull(link, owner, size))
        {
            Apply(link, owner, pool => pool.DropPending(oldest, 0), pool => pool.DropPending(oldest, 0));
        }

        return !IsFull(link, owner, size);

        static void Apply(ClientLink link, PoolOwner owner, Action<LocalPool> local, Action<PeerPool> peer)
        {
            if (owner == PoolOwner.Hub)
            {
                local(link.HubOwned);
            }
            else
            {
                peer(link.ClientOwned);
            }
        }
    }

    private PsrdAnswer? IssuePsrd(RegisteredClient client, PoolOwner owner, int size, out DskeError? error)
    {
        error = null;
        if (!TryMakeRoom(client.Link, owner, size))
        {
            error = DskeError.PsrdLimitReached;
            return null;
        }

        PsrdAnswer answer;
        try
        {
            answer = new PsrdAnswer { BlockUuid = _entropy.NextUuid(), Data = _entropy.NextSecret(size) };
        }
        catch (EntropyException)
        {
            error = DskeError.EntropyUnavailable;
            return null;
        }

        var added = false;
        try
        {
            lock (client.Link.Gate)
            {
                added = client.Link.TryAdd(owner, answer);
            }

            if (added)
            {
                HubDiagnostics.CountPsrd(Name.Value, owner, size);
                return answer;
            }
        }
        finally
        {
            if (!added)
            {
                answer.Dispose();
            }
        }

        error = DskeError.ClientNotRegistered;
        return client.Link.IsRetired
            ? null // Another registration replaces the client's pools meanwhile.
            : throw new InvalidOperationException("The entropy source gave the same UUID twice: it is broken.");
    }
}
