using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>
/// Remembers whose shares did not fit. A wrong share accuses the hub or the initiator, who can frame an honest hub by giving it a wrong
/// one; so a hub is suspect only while two initiators or more accuse it.
/// </summary>
/// <remarks>
/// <para>
/// Each initiator's accusation of a hub stands until, since its latest one, the hub handed out <see cref="HonestShares"/> right shares:
/// all made by that initiator, or some by two initiators or more. Accusations by others do not stop that count: an initiator that
/// goes on framing a hub cannot keep an accusation alive but its own.
/// </para>
/// <para>
/// Being suspect costs a hub nothing but its place: its shares are tried last. Remembered are at most
/// <see cref="MaxAccusers"/> initiators for each hub; the one whose latest accusation is the oldest makes room.
/// </para>
/// <para>Safe for concurrent use: one lock. Events are raised outside of it, on the thread that judged the share.</para>
/// </remarks>
public sealed class HubReputation
{
    /// <summary>How many initiators have to accuse a hub before it is suspect.</summary>
    public const int AccusersNeeded = 2;

    /// <summary>How many right shares make up for an accusation.</summary>
    public const int HonestShares = 64;

    /// <summary>How many accusers of a hub are remembered.</summary>
    public const int MaxAccusers = 16;

    private readonly Lock _lock = new();
    private readonly List<Accuser>[] _accusers;

    /// <summary>Begins with a clean slate.</summary>
    /// <param name="hubs">The hubs, in the order of the network.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hubs"/> is null.</exception>
    public HubReputation(IReadOnlyList<NodeName> hubs)
    {
        ArgumentNullException.ThrowIfNull(hubs);
        Hubs = hubs;
        _accusers = [.. hubs.Select(_ => new List<Accuser>())];
    }

    /// <summary>A share did not fit its key.</summary>
    public event EventHandler<HubAccusation>? Accused;

    /// <summary>A hub became suspect, or ceased to be.</summary>
    public event EventHandler<HubSuspicion>? SuspicionChanged;

    /// <summary>The hubs, in the order of the network.</summary>
    public IReadOnlyList<NodeName> Hubs { get; }

    /// <summary>The places of the hubs that are suspect, ascending.</summary>
    public IReadOnlyList<int> Suspects
    {
        get
        {
            lock (_lock)
            {
                return [.. Enumerable.Range(0, _accusers.Length).Where(IsSuspectCore)];
            }
        }
    }

    /// <summary>Whether a hub is suspect.</summary>
    /// <param name="hub">Its place in the network.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such hub.</exception>
    public bool IsSuspect(int hub)
    {
        lock (_lock)
        {
            return IsSuspectCore(hub);
        }
    }

    /// <summary>A hub handed out a share that does not fit its key.</summary>
    /// <param name="hub">Its place in the network.</param>
    /// <param name="initiator">Who made the key. Names that one initiator can choose at will would make it count as several.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="isBound">
    /// Whether the hub's answer was bound to the request. Otherwise somebody on the way may have exchanged it: it is made known, but
    /// does not make the hub suspect.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="initiator"/> is null.</exception>
    /// <exception cref="IndexOutOfRangeException">There is no such hub.</exception>
    public void Accuse(int hub, string initiator, Guid keyId, bool isBound = true)
    {
        ArgumentNullException.ThrowIfNull(initiator);
        var becameSuspect = isBound && Remember(hub, initiator);
        Accused?.Invoke(this, new HubAccusation(Hubs[hub], initiator, keyId));
        if (becameSuspect)
        {
            SuspicionChanged?.Invoke(this, new HubSuspicion(Hubs[hub], true));
        }
    }

    /// <summary>A hub handed out a share that fits its key.</summary>
    /// <param name="hub">Its place in the network.</param>
    /// <param name="initiator">Who made the key.</param>
    /// <exception cref="ArgumentNullException"><paramref name="initiator"/> is null.</exception>
    /// <exception cref="IndexOutOfRangeException">There is no such hub.</exception>
    public void Confirm(int hub, string initiator)
    {
        ArgumentNullException.ThrowIfNull(initiator);
        bool ceased;
        lock (_lock)
        {
            var wasSuspect = IsSuspectCore(hub);
            _accusers[hub].RemoveAll(accuser => accuser.IsSatisfiedBy(initiator));
            ceased = wasSuspect && !IsSuspectCore(hub);
        }

        if (ceased)
        {
            SuspicionChanged?.Invoke(this, new HubSuspicion(Hubs[hub], false));
        }
    }

    /// <summary>How many initiators accuse a hub.</summary>
    internal int CountAccusers(int hub)
    {
        lock (_lock)
        {
            return _accusers[hub].Count;
        }
    }

    private bool Remember(int hub, string initiator)
    {
        lock (_lock)
        {
            var wasSuspect = IsSuspectCore(hub);
            var accusers = _accusers[hub];
            accusers.RemoveAll(accuser => accuser.Name == initiator);
            if (accusers.Count == MaxAccusers)
            {
                accusers.RemoveAt(0);
            }

            accusers.Add(new Accuser(initiator));
            return !wasSuspect && IsSuspectCore(hub);
        }
    }

    private bool IsSuspectCore(int hub) => _accusers[hub].Count >= AccusersNeeded;

    /// <summary>An initiator, and what the hub did for its good name since.</summary>
    private sealed class Accuser(string name)
    {
        private int _count;
        private string? _first;
        private bool _severalInitiators;
        private bool _onlyOwn = true;

        public string Name => name;

        /// <summary>Counts a right share; true when that was enough.</summary>
        public bool IsSatisfiedBy(string initiator)
        {
            _first ??= initiator;
            _severalInitiators |= initiator != _first;
            _onlyOwn &= initiator == name;
            _count = Math.Min(_count + 1, HonestShares);
            return _count == HonestShares && (_severalInitiators || _onlyOwn);
        }
    }
}
