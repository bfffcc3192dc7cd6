using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>A hub's end of a link: the two pools, and how far both ends agree on them.</summary>
/// <remarks>
/// The pools guard themselves. <see cref="Gate"/> is held by whoever makes a block or changes what both ends agree on; flags may be read
/// without it.
/// </remarks>
internal sealed class ClientLink : IDisposable
{
    private volatile bool _isSynced;
    private volatile bool _isEnrolled;
    private volatile bool _wasSetBack;

    /// <summary>Opens a link over the blocks in storage.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="client">The client.</param>
    /// <param name="isNative">Whether the client is one of ours.</param>
    /// <param name="isRestored">Whether the blocks were there before this hub started.</param>
    /// <param name="isEnrolled">Whether an authentic message has come over the link.</param>
    /// <param name="time">The clock.</param>
    /// <param name="couriered">Unconfirmed blocks that couriers carry, which are left alone until they are held.</param>
    public ClientLink(
        IPsrdStore store, NodeName client, bool isNative, bool isRestored, bool isEnrolled, TimeProvider time, IReadOnlySet<Guid>? couriered = null)
    {
        IsNative = isNative;
        _isSynced = !isNative || !isRestored;
        _isEnrolled = isEnrolled;
        HubOwned = new LocalPool(store, new PsrdPoolKey(client, PoolOwner.Hub), keepsReserve: isNative, couriered);
        ClientOwned = new PeerPool(store, new PsrdPoolKey(client, PoolOwner.Client), couriered);
        Gone = new GoneBudget(time);
    }

    /// <summary>Whether the client is one of ours.</summary>
    public bool IsNative { get; }

    /// <summary>We allocate: keys and pads of our answers.</summary>
    public LocalPool HubOwned { get; }

    /// <summary>The client allocates: keys and pads of its requests.</summary>
    public PeerPool ClientOwned { get; }

    /// <summary>Held while a block is added or the link is synced. Never for long, and never while randomness is drawn.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Held while a block is made: one at a time, so that requests at once get no more than the limit. Taken before <see cref="Gate"/>.</summary>
    public Lock Issuing { get; } = new();

    /// <summary>How often requests that cannot be checked are answered with a signature.</summary>
    public GoneBudget Gone { get; }

    /// <summary>
    /// What the next sync has to name: drawn anew at the start and after each sync. No secret, just different each time, so that it does not
    /// take the source of PSRD. Changed under <see cref="Gate"/>.
    /// </summary>
    public Guid Turn { get; private set; } = SystemEntropySource.Instance.NextUuid();

    /// <summary>
    /// Whether the client has said how far it is since this hub started. Before that no byte is allocated: storage may have been set back.
    /// </summary>
    public bool IsSynced
    {
        get => _isSynced;
        set => _isSynced = value;
    }

    /// <summary>Whether an authentic message has come over the link. Before that, the first block of either pool counts as confirmed.</summary>
    public bool IsEnrolled
    {
        get => _isEnrolled;
        set => _isEnrolled = value;
    }

    /// <summary>Whether this hub's storage turned out to be an older copy: the link begins anew at the next registration.</summary>
    public bool WasSetBack
    {
        get => _wasSetBack;
        set => _wasSetBack = value;
    }

    /// <summary>Of another implementation's client that registered again: its old blocks of a pool go when it fetches new ones.</summary>
    public HashSet<PoolOwner> RetiredOnFetch { get; } = [];

    /// <summary>A sync went through: it is the next one's turn.</summary>
    public void EndTurn() => Turn = SystemEntropySource.Instance.NextUuid();

    /// <summary>Where this end is.</summary>
    public LinkStatement GetStatement() => new()
    {
        Turn = Turn,
        ClientOwned = ClientOwned.GetPositions(withPending: false),
        HubOwned = HubOwned.GetPositions(withPending: false),
    };

    /// <summary>Takes in a block of which a courier carries the other copy.</summary>
    /// <returns>False when the link was given up.</returns>
    public bool Hold(PoolOwner owner, IPsrdBlock block) => owner == PoolOwner.Hub ? HubOwned.Hold(block) : ClientOwned.Hold(block);

    /// <summary>Takes blocks of which couriers carry the other copies off the lists; the caller erases them.</summary>
    public void ReleaseHeld(IReadOnlySet<Guid> blocks)
    {
        HubOwned.ReleaseHeld(blocks);
        ClientOwned.ReleaseHeld(blocks);
    }

    /// <summary>Adds a block that was just made.</summary>
    public bool TryAdd(PoolOwner owner, PsrdAnswer block)
    {
        var isFirst = owner == PoolOwner.Hub ? HubOwned.BlockCount == 0 : ClientOwned.BlockCount == 0;
        var confirmed = !IsNative || (!IsEnrolled && isFirst);
        return owner == PoolOwner.Hub
            ? HubOwned.TryAdd(block.BlockUuid, block.Data.Span, confirmed)
            : ClientOwned.TryAdd(block.BlockUuid, block.Data.Span, confirmed);
    }

    /// <summary>Whether the link was given up: another one takes its place, or is about to.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Erases both pools for good.</summary>
    public void Clear()
    {
        lock (Gate)
        {
            IsRetired = true;
        }

        HubOwned.Clear();
        ClientOwned.Clear();
    }

    public void Dispose()
    {
        HubOwned.Dispose();
        ClientOwned.Dispose();
    }
}
