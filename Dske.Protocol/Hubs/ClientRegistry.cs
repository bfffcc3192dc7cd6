using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>Which clients a hub has and which client owns which SAE. An SAE belongs to one client at a time.</summary>
/// <remarks>Safe for concurrent use: one lock guards both tables; they change together.</remarks>
internal sealed class ClientRegistry(IPsrdStore store, HubLimits limits) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, RegisteredClient> _clients = [];
    private readonly Dictionary<SaeId, NodeName> _owners = [];

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
        if (!NodeName.TryParse(name, out var nodeName))
        {
            return false;
        }

        lock (_lock)
        {
            return _clients.TryGetValue(nodeName, out client);
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
    /// Takes a client in, or takes its new list of encryptors. Pools are kept when the client's instance says that it lost nothing;
    /// otherwise both are replaced. Refused as a whole when another client owns one of the SAEs.
    /// </summary>
    public RegistrationResult Register(NodeName name, IReadOnlyList<SaeId> encryptors, Guid? instance, bool networkMismatch)
    {
        lock (_lock)
        {
            if (!_clients.TryGetValue(name, out var known) && _clients.Count >= limits.MaxClients)
            {
                return new RegistrationResult(DskeError.ClientLimitReached, false, networkMismatch);
            }

            foreach (var sae in encryptors.Append(SaeId.Parse(name.Value)))
            {
                if (_owners.TryGetValue(sae, out var owner) && owner != name)
                {
                    return new RegistrationResult(DskeError.SaeClaimedElsewhere, false, networkMismatch);
                }
            }

            var keepsPools = known?.Instance is { } before && before == instance;
            if (!keepsPools)
            {
                known?.HubOwned.Clear();
                known?.ClientOwned.Clear();
            }

            foreach (var sae in known?.Claims ?? [])
            {
                _owners.Remove(sae);
            }

            var client = new RegisteredClient(
                name,
                encryptors,
                instance,
                networkMismatch,
                keepsPools ? known!.HubOwned : new LocalPool(store, new PsrdPoolKey(name, PoolOwner.Hub)),
                keepsPools ? known!.ClientOwned : new PeerPool(store, new PsrdPoolKey(name, PoolOwner.Client)))
            {
                Issuing = known?.Issuing ?? new Lock(),
            };
            _clients[name] = client;
            foreach (var sae in client.Claims)
            {
                _owners[sae] = name;
            }

            return new RegistrationResult(null, known is not null && !keepsPools, networkMismatch);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var client in _clients.Values)
            {
                client.Dispose();
            }
        }
    }
}
