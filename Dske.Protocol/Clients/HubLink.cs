using Dske.Protocol.Authentication;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>
/// What a client knows of one hub: the session since the last registration, how many exchanges wait on it, and what is wanted of its
/// <see cref="LinkKeeper"/>.
/// </summary>
/// <remarks>
/// Safe for concurrent use. The session is swapped whole, by the keeper alone; an exchange keeps the one it began with. Counters are
/// interlocked; wishes and their waiters are guarded by one lock.
/// </remarks>
public sealed class HubLink : IDisposable
{
    /// <summary>The most that all wishes together can ask of a pool: one request may ask for 16 MiB of keys.</summary>
    private const long MaxWanted = 32 * 1024 * 1024;

    private const long MaxHubView = 1L << 40;

    private const int LeastBytes = MessageMac.KeySize + KeySizes.MinBytes;

    private readonly Lock _lock = new();
    private readonly long[] _wanted = new long[2];
    private TaskCompletionSource _wish = NewSignal();
    private TaskCompletionSource<bool> _settled = NewAnswer();
    private volatile LinkSession? _session;
    private volatile bool _isPausing;
    private long _hubView = long.MaxValue;
    private int _waiting;
    private bool _registrationWanted = true;
    private bool _syncWanted;
    private long _expected;
    private long? _dryHeardAt;

    /// <summary>Describes a hub that nothing is known of yet.</summary>
    /// <param name="hub">The hub's name.</param>
    /// <param name="index">Its place in the network, which is the index of the share it relays.</param>
    /// <param name="foreignDialect">How it speaks if it turns out not to be one of ours.</param>
    /// <param name="settings">How much PSRD to keep.</param>
    /// <param name="isCouriered">Whether everything out of band comes by courier.</param>
    internal HubLink(NodeName hub, int index, Dialect foreignDialect, PsrdTargets settings, bool isCouriered = false)
    {
        Hub = hub;
        Index = index;
        ForeignDialect = foreignDialect;
        Settings = settings;
        IsCouriered = isCouriered;
    }

    /// <summary>The hub's name.</summary>
    public NodeName Hub { get; }

    /// <summary>The hub's place in the network: the index of the share it relays.</summary>
    public int Index { get; }

    /// <summary>Whether everything out of band comes by courier: the link begins with a couriered file, and is refilled by others.</summary>
    public bool IsCouriered { get; }

    /// <summary>The session since the last registration or the file that began the link; null before the first.</summary>
    public LinkSession? Session => _session;

    /// <summary>Whether the hub means another network (other hubs, order or threshold): an alarm.</summary>
    public bool NetworkMismatch { get; internal set; }

    /// <summary>Whether this client's storage turned out to be an older copy than the hub knows, since it started: an alarm.</summary>
    public bool WasSetBack { get; private set; }

    /// <summary>This client's storage turned out to be an older copy than the hub knows. Raised each time, on the keeper's thread.</summary>
    public event EventHandler? SetBack;

    /// <summary>
    /// Whether a key can be relayed over this link now: registered and in agreement, with PSRD of either owner for a signature and a share.
    /// </summary>
    public bool IsUsable => _session is { IsSynced: true } session
        && session.ClientOwned.SpendableBytes >= LeastBytes
        && session.HubOwned.AvailableBytes >= LeastBytes;

    /// <summary>How many exchanges wait on the hub.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether the keeper lets some time pass before it tries again what failed: wishes have to wait for that.</summary>
    internal bool IsPausing
    {
        get => _isPausing;
        set => _isPausing = value;
    }

    /// <summary>What of the pool that this end allocates from is named by messages under way.</summary>
    internal InFlightBudget InFlight { get; } = new(PeerPool.MaxJump);

    /// <summary>The size of the last share that was fetched over the link, in bytes: what the next answer will most likely take.</summary>
    internal int LastShareSize { get; private set; } = 32;

    internal Dialect ForeignDialect { get; }

    internal PsrdTargets Settings { get; }

    /// <summary>Counts an exchange in; false while <paramref name="limit"/> of them wait.</summary>
    internal bool TryEnter(int limit)
    {
        // Who finds no room is not counted in for a moment either: nobody would see more than wait, nor be turned away on that account.
        for (var waiting = Waiting; waiting < limit;)
        {
            var seen = Interlocked.CompareExchange(ref _waiting, waiting + 1, waiting);
            if (seen == waiting)
            {
                return true;
            }

            waiting = seen;
        }

        return false;
    }

    /// <summary>Counts an exchange out.</summary>
    internal void Leave() => Interlocked.Decrement(ref _waiting);

    /// <summary>Begins to guess anew how large shares are; false when it was at the smallest guess.</summary>
    internal bool ForgetShareSize()
    {
        var isLarge = LastShareSize > KeySizes.DefaultBytes;
        LastShareSize = KeySizes.DefaultBytes;
        return isLarge;
    }

    /// <summary>How many bytes the shares of an answer will most likely have, at most: a hub puts no more into one.</summary>
    internal int ExpectedAnswerSize(int shares) => (int)Math.Min((long)shares * LastShareSize, KeySizes.MaxBytes);

    /// <summary>Takes note of how large shares are.</summary>
    internal void NoteShareSize(IReadOnlyList<FetchedKeyShare>? shares)
    {
        for (var i = 0; i < shares?.Count; i++)
        {
            if (shares[i].Share is { } share)
            {
                LastShareSize = share.Value.Length;
                return;
            }
        }
    }

    /// <summary>Takes note of what the hub says is left of the pool it owns.</summary>
    /// <remarks>
    /// A hub that is further ahead than <see cref="PeerPool.MaxJump"/> is not believed: what it allocated there could not be taken, and
    /// one that lies could have blocks fetched without end.
    /// </remarks>
    internal void NoteHubView(long? available)
    {
        if (available is { } bytes && _session is { } session)
        {
            Volatile.Write(ref _hubView, Math.Clamp(bytes, Math.Max(0, session.HubOwned.AvailableBytes - PeerPool.MaxJump), MaxHubView));
        }
    }

    /// <summary>Takes note of where the hub says it is.</summary>
    internal void NoteStatement(LinkSession session, LinkStatement statement)
        => NoteHubView(Math.Max(0, session.HubOwned.CountLeftToOwner(statement.HubOwned) - session.HubOwned.ReserveBytes));

    /// <summary>Takes note of a block that the hub can allocate from at once: on links without sync nobody says so later.</summary>
    internal void NoteAdded(int bytes)
    {
        var view = Volatile.Read(ref _hubView);
        if (view != long.MaxValue)
        {
            Interlocked.CompareExchange(ref _hubView, view + bytes, view);
        }
    }

    /// <summary>Bytes that messages may still use, by whichever side sees fewer, less what answers under way will take.</summary>
    internal long Available(PoolOwner owner) => _session is not { } session ? 0
        : owner == PoolOwner.Client ? session.ClientOwned.SpendableBytes
        : Math.Min(session.HubOwned.AvailableBytes - (session.IsNative ? session.HubOwned.ReserveBytes : 0), Volatile.Read(ref _hubView))
            - Interlocked.Read(ref _expected);

    /// <summary>
    /// Counts in the bytes that an answer will take from the hub-owned pool; false when the hub will not have them. To ask all the same
    /// would spend this end's bytes on a refusal.
    /// </summary>
    internal bool TryExpect(long bytes)
    {
        Interlocked.Add(ref _expected, bytes);
        if (Available(PoolOwner.Hub) >= 0)
        {
            return true;
        }

        NoLongerExpect(bytes);
        return false;
    }

    /// <summary>Counts them out.</summary>
    internal void NoLongerExpect(long bytes) => Interlocked.Add(ref _expected, -bytes);

    /// <summary>Wakes the keeper when a pool ran low.</summary>
    internal void RefillIfLow()
    {
        if (Available(PoolOwner.Client) < Settings.RefillBelow || Available(PoolOwner.Hub) < Settings.RefillBelow)
        {
            Wake();
        }
    }

    /// <summary>
    /// Asks for <paramref name="bytes"/> in a pool, besides what others ask for; the task tells whether the hub did its part.
    /// </summary>
    internal Task<bool> WantPsrd(PoolOwner owner, long bytes)
    {
        lock (_lock)
        {
            _wanted[(int)owner] = Math.Min(_wanted[(int)owner] + bytes, MaxWanted);
            _wish.TrySetResult();
            return _settled.Task;
        }
    }

    /// <summary>
    /// Takes an unsigned "out of PSRD" for what it may be: the hub spent its pool on answers that never arrived, and has nothing left to
    /// sign with. Believed now and then only, since anybody could have said so; the task tells whether the hub did its part.
    /// </summary>
    internal Task<bool> WantPsrdForDryHub(TimeProvider time, TimeSpan atMostEvery)
    {
        lock (_lock)
        {
            if (_dryHeardAt is not { } last || time.GetElapsedTime(last) >= atMostEvery)
            {
                _dryHeardAt = time.GetTimestamp();
                NoteHubView(0);
            }
        }

        return WantPsrd(PoolOwner.Hub, 0);
    }

    /// <summary>
    /// Asks for a fresh registration: the hub seems to have lost its state. With a foreign hub that is made sure of first. The task tells
    /// whether the hub did its part.
    /// </summary>
    internal Task<bool> WantRegistration()
    {
        lock (_lock)
        {
            _registrationWanted = true;
            _wish.TrySetResult();
            return _settled.Task;
        }
    }

    /// <summary>Asks for a sync: the hub says, authentically, that both ends disagree. The task tells whether the hub did its part.</summary>
    internal Task<bool> WantSync()
    {
        lock (_lock)
        {
            _syncWanted = true;
            _wish.TrySetResult();
            return _settled.Task;
        }
    }

    /// <summary>Ends when somebody wants something of the keeper.</summary>
    internal Task Wished
    {
        get
        {
            lock (_lock)
            {
                return _wish.Task;
            }
        }
    }

    /// <summary>Takes all wishes. Whoever wishes from here on is served by the next round.</summary>
    internal Wishes TakeWishes()
    {
        lock (_lock)
        {
            var wishes = new Wishes(_registrationWanted, _syncWanted, _wanted[0], _wanted[1], _settled);
            (_registrationWanted, _syncWanted, _wanted[0], _wanted[1]) = (false, false, 0, 0);
            (_wish, _settled) = (NewSignal(), NewAnswer());
            return wishes;
        }
    }

    /// <summary>Sounds the alarm: this client's storage is an older copy.</summary>
    internal void NoteSetBack()
    {
        WasSetBack = true;
        SetBack?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Swaps the session.</summary>
    internal void Replace(LinkSession session)
    {
        Volatile.Write(ref _hubView, long.MaxValue);
        _session = session;
    }

    /// <summary>The link is over: nothing is left of the session.</summary>
    internal void Close() => _session = null;

    /// <summary>Zeroes open windows.</summary>
    public void Dispose() => _session?.Dispose();

    private void Wake()
    {
        lock (_lock)
        {
            _wish.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<bool> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What a keeper's round is to do beyond the usual.</summary>
    /// <param name="Registration">Register anew.</param>
    /// <param name="Sync">Agree with the hub on blocks and positions.</param>
    /// <param name="ClientOwnedBytes">Have at least so many bytes to allocate from.</param>
    /// <param name="HubOwnedBytes">Have the hub have at least so many bytes to allocate from.</param>
    /// <param name="Settled">To be completed when the round is over: whether the hub did its part.</param>
    internal readonly record struct Wishes(bool Registration, bool Sync, long ClientOwnedBytes, long HubOwnedBytes, TaskCompletionSource<bool> Settled)
    {
        public long Bytes(PoolOwner owner) => owner == PoolOwner.Client ? ClientOwnedBytes : HubOwnedBytes;
    }
}
