using System.Runtime.ExceptionServices;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;

namespace Dske.Protocol.Hubs;

/// <summary>
/// A hub without its network: raw requests in, raw answers out. It registers clients, makes their PSRD, and relays key shares from
/// the client that posts them to the client that may fetch them (guide, "Client onboarding" and "Key establishment").
/// </summary>
/// <remarks>
/// Safe for concurrent use. Order of every in-band request: read the message, read its signing key without using it, compare
/// signatures, and only then use key and pad in one step. Up to there nothing changes, so a forged request leaves no trace.
/// </remarks>
public sealed partial class HubEngine : IDisposable
{
    private readonly NetworkShape _network;
    private readonly IEntropySource _entropy;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly bool _beganWithNothing;
    private long _faultAt = long.MinValue;
    private readonly HubLimits _limits;
    private readonly IPsrdStore _store;
    private readonly HubExports _exports;
    private readonly ClientRegistry _clients;
    private readonly ShareStore _shares;

    /// <summary>Puts a hub together.</summary>
    /// <param name="name">The hub's name.</param>
    /// <param name="network">The hubs of the network, in order, and the threshold.</param>
    /// <param name="store">Where PSRD is kept.</param>
    /// <param name="state">Where everything else is kept. Its instance tells clients whether their PSRD here is lost.</param>
    /// <param name="entropy">Where PSRD comes from.</param>
    /// <param name="time">The clock that shares expire by.</param>
    /// <param name="limits">What clients are granted; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument other than <paramref name="limits"/> is null.</exception>
    /// <exception cref="IOException">The storage failed; the message says which file, and what to do.</exception>
    public HubEngine(
        NodeName name, NetworkShape network, IPsrdStore store, IHubStateStore state, IEntropySource entropy, TimeProvider time, HubLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(entropy);
        ArgumentNullException.ThrowIfNull(time);
        Name = name;
        Instance = state.Instance;
        NetworkHash = network.ComputeHash();
        _network = network;
        _entropy = entropy;
        _time = time;
        _began = time.GetTimestamp();
        _limits = limits ?? new HubLimits();
        _store = store;
        _exports = new HubExports(store, state);
        _clients = new ClientRegistry(store, state, _limits, time, _exports.BlocksFor);
        HoldExports();
        _shares = new ShareStore(state, _limits, time);
        _beganWithNothing = _clients.Clients.Count == 0;
        Rejections = new Rejections(name.Value);
    }

    /// <summary>The hub's name.</summary>
    public NodeName Name { get; }

    /// <summary>The UUID kept with the hub's state.</summary>
    public Guid Instance { get; }

    /// <summary>The hash of the network that this hub means (<see cref="NetworkShape.ComputeHash"/>).</summary>
    public string NetworkHash { get; }

    /// <summary>What was refused since the hub started.</summary>
    public Rejections Rejections { get; }

    /// <summary>Registers a client, or takes its changes (guide, "Client registration").</summary>
    /// <param name="request">The request as read; its names are checked here.</param>
    /// <param name="instance">The client's instance; null when it sent none, as other implementations do.</param>
    /// <param name="networkHash">The hash of the network that the client means; null when it sent none.</param>
    /// <param name="startOver">Whether the client asks for new pools, having lost track of the old ones.</param>
    /// <param name="isProven">Whether an enrolment token proves that it is the client that it says.</param>
    /// <returns>What became of it; a refusal changed nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="IOException">The storage failed. The client may try again.</exception>
    public RegistrationResult Register(RegistrationRequest request, Guid? instance, string? networkHash, bool startOver = false, bool isProven = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        var encryptors = new List<SaeId>(request.EncryptorNames.Count);
        if (!NodeName.TryParse(request.ClientName, out var client) || request.EncryptorNames.Count > RegistrationRequest.MaxEncryptors)
        {
            return new RegistrationResult(DskeError.MalformedMessage);
        }

        foreach (var name in request.EncryptorNames)
        {
            if (!SaeId.TryParse(name, out var sae) || encryptors.Contains(sae))
            {
                return new RegistrationResult(DskeError.MalformedMessage);
            }

            encryptors.Add(sae);
        }

        return _clients.Register(client, encryptors, instance, networkHash is not null && networkHash != NetworkHash, startOver, isProven);
    }

    /// <summary>
    /// Erases shares that expired and blocks that nobody confirmed. To be called now and then; they are never used either way.
    /// </summary>
    /// <exception cref="IOException">The storage failed; the next call tries again.</exception>
    public void Sweep()
    {
        _shares.Sweep();
        IOException? first = null;
        foreach (var client in _clients.Clients)
        {
            try
            {
                client.HubOwned.DropPending(_time.GetUtcNow() - _limits.PendingTime, _limits.MaxPendingBlocks);
                client.ClientOwned.DropPending(_time.GetUtcNow() - _limits.PendingTime, _limits.MaxPendingBlocks);
            }
            catch (IOException fault)
            {
                // One client's block does not keep the others' here.
                first ??= fault;
            }
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>The clients and their links, by name.</summary>
    public IReadOnlyList<ClientStatus> GetClients() => [.. _clients.Clients.Select(client => new ClientStatus(
        client.Name,
        client.Encryptors,
        client.Instance is not null,
        client.NetworkMismatch,
        client.Link.WasSetBack,
        client.Link.IsSynced,
        client.HubOwned.GetStatus(),
        client.ClientOwned.GetStatus()))];

    /// <summary>Whether an in-band request failed within the last ten seconds because the storage did.</summary>
    public bool HasStorageFault => Volatile.Read(ref _faultAt) is var at and not long.MinValue && _time.GetElapsedTime(at) < TimeSpan.FromSeconds(10);

    /// <summary>How many shares wait here.</summary>
    public int ShareCount => _shares.Count;

    /// <summary>The shares that wait here.</summary>
    /// <param name="most">The most entries to return.</param>
    public IReadOnlyList<ShareStatus> GetShares(int most) => _shares.GetStatus(most);

    /// <summary>Zeroes shares and open windows.</summary>
    public void Dispose()
    {
        _shares.Dispose();
        _clients.Dispose();
    }

    /// <summary>Whether the hub began with nothing a moment ago: then it cannot tell what does not exist from what has not come yet.</summary>
    private bool IsSettling => _beganWithNothing && _time.GetElapsedTime(_began) < _limits.SettleTime;

    private HubAnswer Reject(DskeError error, Dialect dialect)
    {
        Rejections.Count(error);
        return HubAnswers.Unsigned(error, dialect);
    }

    /// <summary>Storage that fails is nobody's fault but ours, and the next request may fare better.</summary>
    private HubAnswer Fail(Exception fault, Dialect dialect)
    {
        HubDiagnostics.ReportFault(Name.Value, fault);
        Volatile.Write(ref _faultAt, _time.GetTimestamp());
        return HubAnswers.Unsigned(DskeError.StorageFailed, dialect) with { Fault = fault };
    }

    private static DskeError ToError(PsrdOutcome outcome) => outcome switch
    {
        PsrdOutcome.UnknownBlock => DskeError.PsrdUnknownBlock,
        PsrdOutcome.AlreadyUsed => DskeError.PsrdAlreadyUsed,
        PsrdOutcome.JumpTooFar => DskeError.PsrdJumpTooFar,
        PsrdOutcome.OutOfPsrd => DskeError.OutOfPsrd,
        _ => DskeError.PsrdInvalidRange,
    };
}
