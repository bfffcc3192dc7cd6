using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;
using Dske.Tests.Unit.Storage.Simulation;

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
    private readonly Func<NodeDisk<IHubStateStore>> _makeDisk;
    private ImmutableList<Fault> _faults = [];
    private ImmutableList<Fault> _syncFaults = [];
    private int _registrations;
    private int _blocksIssued;
    private int _blocksToLose;
    private int _registrationsToLose;

    public InMemoryHub(
        NodeName name, int index, NetworkShape network, VirtualTime time, IEntropySource entropy, HubLimits limits, PsrdAudit audit, Func<NodeDisk<IHubStateStore>> makeDisk)
    {
        (Name, Index, _network, _time, _entropy, _limits, _audit, _makeDisk) = (name, index, network, time, entropy, limits, audit, makeDisk);
        Disk = makeDisk();
        Engine = CreateEngine();
    }

    public NodeName Name { get; }

    public int Index { get; }

    public HubEngine Engine { get; private set; }

    /// <summary>What the hub keeps its PSRD and its state on.</summary>
    public NodeDisk<IHubStateStore> Disk { get; private set; }

    public Guid Instance => Disk.State.Instance;

    /// <summary>Whether an enrolment token proves who registers; otherwise anybody can register under any name.</summary>
    public bool HasTokens { get; set; } = true;

    /// <summary>When false, nothing arrives, in band or out of band.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>The clients from which nothing arrives, in band or out of band.</summary>
    public ImmutableHashSet<NodeName> CutOff { get; set; } = [];

    /// <summary>Told of every message before the engine gets it, and again when the engine has answered; on the thread that brings it.</summary>
    public Action<InBandExchange>? Passing { get; set; }

    /// <summary>Makes it a hub of another implementation: it neither sends nor reads what only ours have.</summary>
    public bool IsForeign { get; set; }

    /// <summary>Somebody on the way takes off the headers by which clients know our hubs; the hub itself still reads theirs.</summary>
    public bool StripsInstance { get; set; }

    /// <summary>What a dishonest hub makes of a block before it hands it out over the route; null for an honest one.</summary>
    public Func<PoolOwner, PsrdAnswer, PsrdAnswer>? Doctors { get; set; }

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

    /// <summary>Lets the answers to the next registrations get lost: the hub took them, the client does not know.</summary>
    public void LoseRegistrations(int count) => Interlocked.Add(ref _registrationsToLose, count);

    /// <summary>Stops the hub and starts it again. What it keeps in memory only is gone either way.</summary>
    /// <param name="keepState">Whether its disk survives: PSRD and instance. Otherwise it comes back with another instance.</param>
    /// <remarks>After a loss of power it starts with what had become durable by then.</remarks>
    public void Restart(bool keepState = false)
    {
        Engine.Dispose();
        if (keepState)
        {
            Disk.Reopen();
        }
        else
        {
            Disk.Dispose();
            Disk = _makeDisk();
        }

        Engine = CreateEngine();
    }

    /// <summary>Where the hub is with a client's blocks, as it says out of band to a client that lost nothing. Nothing changes.</summary>
    public LinkStatement StateFor(InMemoryClient client)
    {
        var registration = new RegistrationRequest
        {
            ClientName = client.Name.Value,
            EncryptorNames = [.. client.Settings.Encryptors.Select(encryptor => encryptor.Value)],
        };
        var result = Engine.Register(registration, client.Instance, Engine.NetworkHash, isProven: true);
        Assert.False(result.ReplacedPools);
        return result.Statement!;
    }

    /// <summary>Stops the hub, puts a copy in the place of its disk, and starts it again.</summary>
    public void Restore(NodeDisk<IHubStateStore> copy)
    {
        Engine.Dispose();
        Disk.Dispose();
        Disk = copy;
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

    /// <summary>Somebody who recorded a message sends it once more, as it was, here or to another hub.</summary>
    public async Task<HubAnswer> ReplayAsync(InBandExchange recorded)
    {
        var answer = await Engine.HandleAsync(recorded.Request, CancellationToken.None);
        _audit.Observe(recorded, new HubResponse(answer.Status, answer.Body, answer.Signature));
        return answer;
    }

    /// <summary>Says what the next sync has to name; null when the question does not arrive.</summary>
    public async Task<LinkTurn?> TellTurnAsync(LinkTurnQuery query, CancellationToken cancellationToken)
        => await ArrivesAsync(cancellationToken) && !CutOff.Contains(query.ClientName) ? Engine.GetTurn(query.ToString()) : null;

    /// <summary>Takes a registration; null when it does not arrive or is refused.</summary>
    public async Task<RegistrationReply?> RegisterAsync(RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken)
    {
        if (!await ArrivesAsync(cancellationToken) || CutOff.Any(client => client.Value == request.ClientName))
        {
            return null;
        }

        Interlocked.Increment(ref _registrations);
        if (!TryRun(() => Engine.Register(request, IsForeign ? null : instance, IsForeign ? null : networkHash, startOver && !IsForeign, HasTokens), out var result))
        {
            return null;
        }

        if (Interlocked.Decrement(ref _registrationsToLose) >= 0)
        {
            return null;
        }

        Interlocked.Increment(ref _registrationsToLose);
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
        if (!await ArrivesAsync(cancellationToken) || CutOff.Contains(client) || !TryRun(() => Engine.IssuePsrd(client.Value, owner, size, out _), out var block) || block is null)
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
        return Doctors is { } doctor ? doctor(owner, block) : block;
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
        Disk.Dispose();
    }

    private HubEngine CreateEngine() => new(Name, _network, Disk.Psrd, Disk.State, _entropy, _time, _limits);

    /// <summary>Lets the engine do something; false when the machine stands still, and nothing comes of it.</summary>
    private bool TryRun<T>(Func<T> act, [MaybeNullWhen(false)] out T result)
    {
        var disk = Disk;
        result = default;
        try
        {
            result = disk.IsOn ? act() : default;
            return disk.IsOn;
        }
        catch (PowerLossException)
        {
            return false;
        }
    }

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
        var disk = Disk;
        if (!IsReachable || !disk.IsOn || CutOff.Contains(exchange.Client))
        {
            return null;
        }

        Passing?.Invoke(exchange);
        HubAnswer answer;
        try
        {
            answer = await Engine.HandleAsync(exchange.Request, cancellationToken);
        }
        catch (PowerLossException)
        {
            return null;
        }

        var response = new HubResponse(answer.Status, answer.Body, answer.Signature);
        exchange.Answered = response;
        _audit.Observe(exchange, response);
        Passing?.Invoke(exchange);
        return disk.IsOn ? response : null;
    }
}
