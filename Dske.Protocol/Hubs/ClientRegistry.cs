using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>Which clients a hub has and which client owns which SAE. An SAE belongs to one client at a time.</summary>
/// <remarks>
/// Safe for concurrent use: one lock guards both tables, which change together. Registrations go one after the other, behind a lock of
/// their own, since they wait for the disk.
/// </remarks>
internal sealed class ClientRegistry : IDisposable
{
    private readonly IPsrdStore _store;
    private readonly IHubStateStore _state;
    private readonly HubLimits _limits;
    private readonly TimeProvider _time;
    private readonly Func<NodeName, IReadOnlySet<Guid>> _couriered;
    private readonly Lock _registering = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, RegisteredClient> _clients = [];
    private readonly Dictionary<SaeId, NodeName> _owners = [];

    /// <param name="store">Where PSRD is kept.</param>
    /// <param name="state">Where registrations are kept.</param>
    /// <param name="limits">What clients are granted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="couriered">The blocks that couriers carry to a client.</param>
    public ClientRegistry(IPsrdStore store, IHubStateStore state, HubLimits limits, TimeProvider time, Func<NodeName, IReadOnlySet<Guid>> couriered)
    {
        (_store, _state, _limits, _time, _couriered) = (store, state, limits, time, couriered);
        foreach (var record in state.LoadRegistrations())
        {
            var link = OpenLink(record.Client, record.Instance is not null, isRestored: true, record.Enrolled);
            Enter(new RegisteredClient(record.Client, record.Encryptors, record.Instance, networkMismatch: false, link, record.Courier));
        }
    }

    public IReadOnlyList<RegisteredClient> Clients
    {
        get
        {
            lock (_lock)
            {
                return [.. _clients.Values.OrderBy(client => client.Name.Value, StringComparer.Ordinal)];
            }
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out RegisteredClient? client)
    {
        client = null;
        return NodeName.TryParse(name, out var nodeName) && TryGet(nodeName, out client);
    }

    public bool TryGet(NodeName name, [NotNullWhen(true)] out RegisteredClient? client)
    {
        lock (_lock)
        {
            return _clients.TryGetValue(name, out client);
        }
    }

    public bool TryGetOwner(SaeId sae, out NodeName owner)
    {
        lock (_lock)
        {
            return _owners.TryGetValue(sae, out owner);
        }
    }

    /// <summary>
    /// Takes a client in, or takes its new list of encryptors. Pools are kept when the client's instance says that it lost nothing.
    /// Refused as a whole, with nothing changed, when another client owns one of the SAEs or the client's place is not to be taken.
    /// </summary>
    /// <param name="name">The client.</param>
    /// <param name="encryptors">Its encryptors.</param>
    /// <param name="instance">Its instance; null for one of another implementation.</param>
    /// <param name="networkMismatch">Whether it means another network.</param>
    /// <param name="startOver">Whether it asks for new pools.</param>
    /// <param name="isProven">Whether an enrolment token proves that it is the client that it says.</param>
    public RegistrationResult Register(
        NodeName name, IReadOnlyList<SaeId> encryptors, Guid? instance, bool networkMismatch, bool startOver, bool isProven)
    {
        var keepsLink = false;
        RegisteredClient client;
        lock (_registering)
        {
            TryGet(name, out var known);
            if (Refusal(name, known, encryptors, instance, isProven) is { } error)
            {
                return new RegistrationResult(error, NetworkMismatch: networkMismatch);
            }

            keepsLink = known is not null && KeepsLink(known, instance, startOver);
            if (!keepsLink)
            {
                Retire(name, known);
            }

            var kept = keepsLink ? known!.Link : OpenLink(name, instance is not null, isRestored: false, isEnrolled: false);
            client = new RegisteredClient(name, encryptors, instance, networkMismatch, kept, keepsLink ? known!.Courier : null);
            if (!keepsLink || !known!.Encryptors.SequenceEqual(encryptors))
            {
                _state.SaveRegistration(client.ToRecord());
            }

            Enter(client);
        }

        // Not while others wait to register: the link may be busy.
        var link = client.Link;
        lock (link.Gate)
        {
            if (keepsLink && !link.IsNative)
            {
                link.RetiredOnFetch.UnionWith([PoolOwner.Client, PoolOwner.Hub]);
            }

            return new RegistrationResult(null, !keepsLink, networkMismatch, link.IsNative ? link.GetStatement() : null);
        }
    }

    /// <summary>Why a client may not be taken in with these encryptors; null when it may.</summary>
    /// <param name="name">The client.</param>
    /// <param name="encryptors">Its encryptors.</param>
    public DskeError? FindRefusal(NodeName name, IReadOnlyList<SaeId> encryptors)
    {
        TryGet(name, out var known);
        return Refusal(name, known, encryptors, instance: null, isProven: true);
    }

    /// <summary>
    /// Takes in a client whose first message is signed with what a couriered file brought: its link begins anew, with the blocks of the file alone.
    /// </summary>
    /// <param name="name">The client.</param>
    /// <param name="encryptors">Its encryptors.</param>
    /// <param name="instance">Its instance, which the link belongs to from here on.</param>
    /// <param name="courier">The link that the file begins.</param>
    /// <param name="hold">Gives the new link the blocks of the file.</param>
    /// <param name="error">Why not, when the result is null. Nothing changed then.</param>
    public RegisteredClient? TryEnrol(
        NodeName name, IReadOnlyList<SaeId> encryptors, Guid instance, Guid courier, Action<ClientLink> hold, out DskeError? error)
    {
        lock (_registering)
        {
            TryGet(name, out var known);
            if ((error = Refusal(name, known, encryptors, instance, isProven: true)) is not null)
            {
                return null;
            }

            Retire(name, known);
            var client = new RegisteredClient(
                name, encryptors, instance, networkMismatch: false, OpenLink(name, isNative: true, isRestored: false, isEnrolled: true), courier);
            hold(client.Link);
            _state.SaveRegistration(client.ToRecord());
            Enter(client);
            return client;
        }
    }

    /// <summary>Notes, durably, that an authentic message has come over the link. Called under the link's gate.</summary>
    public void Enrol(ClientLink link, NodeName name)
    {
        if (link is { IsEnrolled: false, IsRetired: false } && TryGet(name, out var client) && client.Link == link)
        {
            // First durable, then believed: should storage fail, the next sync tries again.
            _state.SaveRegistration(client.ToRecord() with { Enrolled = true });
            link.IsEnrolled = true;
        }
    }

    public void Dispose()
    {
        foreach (var client in Clients)
        {
            client.Dispose();
        }
    }

    private DskeError? Refusal(NodeName name, RegisteredClient? known, IReadOnlyList<SaeId> encryptors, Guid? instance, bool isProven)
    {
        lock (_lock)
        {
            if (known is null && _clients.Count >= _limits.MaxClients)
            {
                return DskeError.ClientLimitReached;
            }

            foreach (var sae in encryptors.Append(SaeId.Parse(name.Value)))
            {
                if (_owners.TryGetValue(sae, out var owner) && owner != name)
                {
                    return DskeError.SaeClaimedElsewhere;
                }
            }
        }

        // Whoever knows the instance is taken for the client; without it, a link in use is not given up on anybody's word. It is compared all
        // at once, not byte by byte, so that nobody finds it out piece by piece.
        return !isProven && known is { Link: { IsNative: true, IsEnrolled: true } } && known.Instance != instance ? DskeError.InstanceChanged : null;
    }

    /// <summary>A link that nothing has come over yet begins anew each time: the first block may have been lost, or stolen.</summary>
    private static bool KeepsLink(RegisteredClient known, Guid? instance, bool startOver)
        => known.Instance == instance && !known.Link.IsRetired && (instance is null || (known.Link.IsEnrolled && !known.Link.WasSetBack && !startOver));

    private void Retire(NodeName name, RegisteredClient? known)
    {
        if (known is not null)
        {
            known.Link.Clear();
            return;
        }

        // Blocks of a client whose registration was lost are of no use to anybody.
        using var left = OpenLink(name, isNative: false, isRestored: true, isEnrolled: false);
        left.Clear();
    }

    private ClientLink OpenLink(NodeName client, bool isNative, bool isRestored, bool isEnrolled)
        => new(_store, client, isNative, isRestored, isEnrolled, _time, _couriered(client));

    private void Enter(RegisteredClient client)
    {
        lock (_lock)
        {
            if (_clients.TryGetValue(client.Name, out var known))
            {
                foreach (var sae in known.Claims)
                {
                    _owners.Remove(sae);
                }
            }

            _clients[client.Name] = client;
            foreach (var sae in client.Claims)
            {
                _owners[sae] = client.Name;
            }
        }
    }
}
