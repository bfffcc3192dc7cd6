using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;

namespace Dske.Tests.Network.InMemory;

/// <summary>A hub with all that can happen to it: what lies between it and its clients, restarts, lost disks.</summary>
/// <remarks>Safe for concurrent use, except for restarts, which one test drives.</remarks>
internal sealed class InMemoryHub : IDisposable
{
    private readonly NetworkShape _network;
    private readonly VirtualTime _time;
    private readonly IEntropySource _entropy;
    private readonly HubLimits _limits;
    private readonly PsrdAudit _audit;
    private readonly ConcurrentQueue<InBandExchange> _exchanges = new();
    private readonly ConcurrentQueue<InBandExchange> _syncs = new();
    private readonly ConcurrentDictionary<Guid, byte[]> _issued = new();
    private InMemoryPsrdStore _store;
    private InMemoryHubStateStore _state;
    private ImmutableList<Fault> _faults = [];
    private ImmutableList<Fault> _syncFaults = [];
    private int _registrations;
    private int _blocksIssued;
    private int _blocksToLose;

    public InMemoryHub(NodeName name, int index, NetworkShape network, VirtualTime time, IEntropySource entropy, HubLimits limits, PsrdAudit audit)
    {
        (Name, Index, _network, _time, _entropy, _limits, _audit) = (name, index, network, time, entropy, limits, audit);
        _store = new InMemoryPsrdStore(time);
        _state = new InMemoryHubStateStore(entropy);
        Engine = CreateEngine();
    }

    public NodeName Name { get; }

    public int Index { get; }

    public HubEngine Engine { get; private set; }

    public Guid Instance => _state.Instance;

    /// <summary>Whether an enrolment token proves who registers; otherwise anybody can register under any name.</summary>
    public bool HasTokens { get; set; } = true;

    /// <summary>When false, nothing arrives, in band or out of band.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>Makes it a hub of another implementation: it neither sends nor reads what only ours have.</summary>
    public bool IsForeign { get; set; }

    /// <summary>Somebody on the way takes off the headers by which clients know our hubs; the hub itself still reads theirs.</summary>
    public bool StripsInstance { get; set; }

    /// <summary>Holds registrations and fetches of PSRD; null for none.</summary>
    public Gate? OutOfBandGate { get; set; }

    /// <summary>What the way to the hub fails with, out of band; null when it works.</summary>
    public Exception? OutOfBandFailure { get; set; }

    /// <summary>Every message about a share that clients sent, whether it arrived or not.</summary>
    public IReadOnlyCollection<InBandExchange> Exchanges => _exchanges;

    /// <summary>Every sync that clients sent, whether it arrived or not.</summary>
    public IReadOnlyCollection<InBandExchange> Syncs => _syncs;

    /// <summary>How many registrations arrived.</summary>
    public int Registrations => Volatile.Read(ref _registrations);

    /// <summary>How many blocks the hub handed out.</summary>
    public int BlocksIssued => Volatile.Read(ref _blocksIssued);

    /// <summary>Puts faults before every sync, the first one nearest to the clients. They stay until <see cref="Heal"/>.</summary>
    public void InjectIntoSyncs(params ReadOnlySpan<Fault> faults) => _syncFaults = _syncFaults.AddRange(faults.ToArray());

    /// <summary>
    /// Puts faults before every message about a share, the first one nearest to the clients. They stay until <see cref="Heal"/>.
    /// </summary>
    public void Inject(params ReadOnlySpan<Fault> faults) => _faults = _faults.AddRange(faults.ToArray());

    /// <summary>Takes all faults away, and makes the hub reachable.</summary>
    public void Heal()
    {
        _faults = [];
        _syncFaults = [];
        IsReachable = true;
        OutOfBandGate?.Open();
        OutOfBandGate = null;
        OutOfBandFailure = null;
    }

    /// <summary>Lets the next blocks of PSRD get lost on their way to a client: the hub has them, the client does not.</summary>
    public void LoseBlocks(int count) => Interlocked.Add(ref _blocksToLose, count);

    /// <summary>Stops the hub and starts it again. What it keeps in memory only is gone either way.</summary>
    /// <param name="keepState">Whether its disk survives: PSRD and instance. Otherwise it comes back with another instance.</param>
    public void Restart(bool keepState = false)
    {
        Engine.Dispose();
        if (!keepState)
        {
            _store.Dispose();
            _state.Dispose();
            _store = new InMemoryPsrdStore(_time);
            _state = new InMemoryHubStateStore(_entropy);
        }

        Engine = CreateEngine();
    }

    /// <summary>Takes a message through all faults to the engine, and its answer back.</summary>
    public async Task<HubResponse?> HandleAsync(NodeName client, OutgoingRequest request, CancellationToken cancellationToken)
    {
        var exchange = new InBandExchange(client, this, request);
        (exchange.IsSync ? _syncs : _exchanges).Enqueue(exchange);
        _audit.Observe(exchange);
        var deliver = () => DeliverAsync(exchange, cancellationToken);
        foreach (var fault in (exchange.IsSync ? _syncFaults : _faults).Reverse())
        {
            var next = deliver;
            deliver = () => fault(exchange, next, cancellationToken);
        }

        try
        {
            return exchange.Received = await deliver();
        }
        catch (OperationCanceledException)
        {
            exchange.Abandoned = true;
            throw;
        }
    }

    /// <summary>Takes a registration; null when it does not arrive or is refused.</summary>
    public async Task<RegistrationReply?> RegisterAsync(RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken)
    {
        if (!await ArrivesAsync(cancellationToken))
        {
            return null;
        }

        Interlocked.Increment(ref _registrations);
        var result = Engine.Register(request, IsForeign ? null : instance, IsForeign ? null : networkHash, startOver && !IsForeign, HasTokens);
        return (result.Error, IsForeign || StripsInstance) switch
        {
            (not null, _) => null,
            (_, true) => new RegistrationReply(null, null),
            _ => new RegistrationReply(Engine.Instance, Engine.NetworkHash, result.ReplacedPools, result.Statement),
        };
    }

    /// <summary>Hands out a block; null when the request or the answer does not arrive, or it is refused.</summary>
    public async Task<PsrdAnswer?> IssuePsrdAsync(NodeName client, PoolOwner owner, int size, CancellationToken cancellationToken)
    {
        if (!await ArrivesAsync(cancellationToken) || Engine.IssuePsrd(client.Value, owner, size, out _) is not { } block)
        {
            return null;
        }

        Interlocked.Increment(ref _blocksIssued);
        _issued[block.BlockUuid] = block.Data.Span.ToArray();
        if (Interlocked.Decrement(ref _blocksToLose) >= 0)
        {
            block.Dispose();
            return null;
        }

        Interlocked.Increment(ref _blocksToLose);
        return block;
    }

    /// <summary>Reads PSRD as the hub knew it when it made it: what a dishonest hub signs and encrypts its lies with.</summary>
    public byte[] Recall(Allocation allocation)
    {
        var bytes = new MemoryStream();
        foreach (var fragment in allocation.Fragments)
        {
            bytes.Write(_issued[fragment.BlockId], (int)fragment.Start, (int)fragment.Size);
        }

        return bytes.ToArray();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Engine.Dispose();
        _store.Dispose();
        _state.Dispose();
    }

    private HubEngine CreateEngine() => new(Name, _network, _store, _state, _entropy, _time, _limits);

    private async Task<bool> ArrivesAsync(CancellationToken cancellationToken)
    {
        if (OutOfBandGate is { } gate)
        {
            await gate.PassAsync(cancellationToken);
        }

        return OutOfBandFailure is null ? IsReachable : throw OutOfBandFailure;
    }

    private async Task<HubResponse?> DeliverAsync(InBandExchange exchange, CancellationToken cancellationToken)
    {
        if (!IsReachable)
        {
            return null;
        }

        var request = exchange.Request;
        var answer = request.IsPost ? await Engine.PostKeyShareAsync(request.Query, request.Body.Span, request.Signature)
            : request.Resource == OutgoingRequest.Sync ? Engine.Sync(request.Query, request.Body.Length > 0, request.Signature)
            : await Engine.GetKeyShareAsync(request.Query, request.Body.Length > 0, request.Signature, cancellationToken);
        var response = new HubResponse(answer.Status, answer.Body, answer.Signature);
        exchange.Answered = response;
        _audit.Observe(exchange, response);
        return response;
    }
}
