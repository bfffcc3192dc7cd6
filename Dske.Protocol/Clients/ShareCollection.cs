using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// The shares of one key as they come in, some of them after the key is there: those are still judged, so that a liar gains nothing by
/// being slow.
/// </summary>
/// <remarks>
/// Safe for concurrent use: one lock. It is over once all have left, the hubs and who wants the key; without a key it ends earlier, with
/// <see cref="Close"/>. What comes later is erased.
/// </remarks>
internal sealed class ShareCollection(ShareCollector shares, HubReputation reputation, SaeId master, Guid keyId, int hubs)
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _judged = [];
    private readonly HashSet<int> _unbound = [];
    private int _present = hubs + 1;
    private bool _closed;

    /// <summary>Whether enough shares fit together.</summary>
    public bool HasKey
    {
        get
        {
            lock (_lock)
            {
                return shares.IsRecovered;
            }
        }
    }

    /// <summary>Takes a hub's share. One with an index other than the hub's would keep another hub's honest share out: it counts as wrong.</summary>
    /// <param name="hub">The hub's place in the network.</param>
    /// <param name="share">The share, this collection's from now on.</param>
    /// <param name="isBound">Whether the answer was bound to the request.</param>
    public void Add(int hub, Share share, bool isBound)
    {
        List<int> right;
        List<int> wrong;
        lock (_lock)
        {
            if (_closed)
            {
                share.Dispose();
                return;
            }

            if (!isBound)
            {
                _unbound.Add(hub);
            }

            if (share.Index == hub)
            {
                shares.Add(share);
            }
            else
            {
                share.Dispose();
                shares.AddWrong(hub);
            }

            right = [.. shares.RightIndexes.Where(_judged.Add)];
            wrong = [.. shares.WrongIndexes.Where(_judged.Add)];
        }

        // Outside of the lock: whoever listens may take their time.
        right.ForEach(index => reputation.Confirm(index, master.Value));
        wrong.ForEach(index => reputation.Accuse(index, master.Value, keyId, IsBound(index)));
    }

    /// <summary>A hub is through, or who wants the key has it.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_present == 0)
            {
                CloseCore();
            }
        }
    }

    /// <summary>Hands over the key, once.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it was taken before.</exception>
    public SecretBytes TakeKey()
    {
        lock (_lock)
        {
            return shares.TakeSecret();
        }
    }

    /// <summary>Nobody wants the key any more: erases the shares.</summary>
    public void Close()
    {
        lock (_lock)
        {
            CloseCore();
        }
    }

    private bool IsBound(int hub)
    {
        lock (_lock)
        {
            return !_unbound.Contains(hub);
        }
    }

    private void CloseCore()
    {
        _closed = true;
        shares.Dispose();
    }
}
