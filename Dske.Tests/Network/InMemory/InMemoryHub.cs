using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
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
    private readonly ConcurrentDictionary<Guid, byte[]> _issued = new();
    private InMemoryPsrdStore _store;
    private ImmutableList<Fault> _faults = [];
    private int _registrations;
    private int _blocksIssued;
    private int _blocksToLose;

    public InMemoryHub(NodeName name, int index, NetworkShape network, VirtualTime time, IEntropySource entropy, HubLimits limits, PsrdAudit audit)
    {
        (Name, Index, _network, _time, _entropy, _limits, _audit) = (name, index, network, time, entropy, limits, audit);
        _store = new InMemoryPsrdStore(time);
        Instance = entropy.NextUuid();
        Engine = CreateEngine();
    }

    public NodeName Name { get; }

    public int Index { get; }

    public HubEngine Engine { get; private set; }

    public Guid Instance { get; private set; }

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

    /// <summary>Every in-band message that clients sent, whether it arrived or not.</summary>
    public IReadOnlyCollection<InBandExchange> Exchanges => _exchanges;

    /// <summary>How many registrations arrived.</summary>
    public int Registrations => Volatile.Read(ref _registrations);

    /// <summary>How many blocks the hub handed out.</summary>
    public int BlocksIssued => Volatile.Read(ref _blocksIssued);

    /// <summary>Puts faults between clients and the hub, the first one nearest to the clients. They stay until <see cref="Heal"/>.</summary>
    public void Inject(params ReadOnlySpan<Fault> faults) => _faults = _faults.AddRange(faults.ToArray());

    /// <summary>Takes all faults away, and makes the hub reachable.</summary>
    public void Heal()
    {
        _faults = [];
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
            _store = new InMemoryPsrdStore(_time);
            Instance = _entropy.NextUuid();
        }

        Engine = CreateEngine();
    }

    /// <summary>Takes a message through all faults to the engine, and its answer back.</summary>
    public async Task<HubResponse?> HandleAsync(NodeName client, OutgoingRequest request, CancellationToken cancellationToken)
    {
        var exchange = new InBandExchange(client, this, request);
        _exchanges.Enqueue(exchange);
        _audit.Observe(exchange);
        var deliver = () => DeliverAsync(exchange, cancellationToken);
        foreach (var fault in _faults.Reverse())
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
    public async Task<RegistrationReply?> RegisterAsync(RegistrationRequest request, Guid instance, string networkHash, CancellationToken cancellationToken)
    {
        if (!await ArrivesAsync(cancellationToken))
        {
            return null;
        }

        Interlocked.Increment(ref _registrations);
        var result = Engine.Register(request, IsForeign ? null : instance, IsForeign ? null : networkHash);
        return (result.Error, IsForeign || StripsInstance) switch
        {
            (not null, _) => null,
            (_, true) => new RegistrationReply(null, null),
            _ => new RegistrationReply(Engine.Instance, Engine.NetworkHash, result.ReplacedPools),
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
    }

    private HubEngine CreateEngine() => new(Name, _network, Instance, _store, _entropy, _time, _limits);

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
        var answer = request.IsPost
            ? Engine.PostKeyShare(request.Query, request.Body.Span, request.Signature)
            : await Engine.GetKeyShareAsync(request.Query, request.Body.Length > 0, request.Signature, cancellationToken);
        var response = new HubResponse(answer.Status, answer.Body, answer.Signature);
        exchange.Answered = response;
        _audit.Observe(exchange, response);
        return response;
    }
}
