using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>A client at a hub and the link to it. The pools guard themselves; the rest never changes.</summary>
internal sealed class RegisteredClient : IDisposable
{
    private readonly HashSet<SaeId> _encryptors;

    public RegisteredClient(NodeName name, IReadOnlyList<SaeId> encryptors, Guid? instance, bool networkMismatch, LocalPool hubOwned, PeerPool clientOwned)
    {
        Name = name;
        Encryptors = encryptors;
        Instance = instance;
        NetworkMismatch = networkMismatch;
        HubOwned = hubOwned;
        ClientOwned = clientOwned;
        // A client's own name is always its SAE: SKIP addresses keys by system IDs, which are client names.
        _encryptors = [.. encryptors, SaeId.Parse(name.Value)];
    }

    public NodeName Name { get; }

    /// <summary>The encryptors as the client listed them.</summary>
    public IReadOnlyList<SaeId> Encryptors { get; }

    public Guid? Instance { get; }

    public bool NetworkMismatch { get; }

    /// <summary>We allocate: keys and pads of our answers.</summary>
    public LocalPool HubOwned { get; }

    /// <summary>The client allocates: keys and pads of its requests.</summary>
    public PeerPool ClientOwned { get; }

    /// <summary>Held while a block is issued, so that requests at once get no more than the limit. Handed on when the client registers again.</summary>
    public Lock Issuing { get; init; } = new();

    /// <summary>All SAE IDs that the client claims, its own name included.</summary>
    public IReadOnlyCollection<SaeId> Claims => _encryptors;

    public bool Owns(SaeId sae) => _encryptors.Contains(sae);

    public void Dispose()
    {
        HubOwned.Dispose();
        ClientOwned.Dispose();
    }
}
