using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>A client at a hub and the link to it. Immutable but for the link, which guards itself.</summary>
internal sealed class RegisteredClient : IDisposable
{
    private readonly HashSet<SaeId> _encryptors;

    public RegisteredClient(
        NodeName name, IReadOnlyList<SaeId> encryptors, Guid? instance, bool networkMismatch, ClientLink link, Guid? courier = null)
    {
        Name = name;
        Encryptors = encryptors;
        Instance = instance;
        NetworkMismatch = networkMismatch;
        Link = link;
        Courier = courier;
        // A client's own name is always its SAE: SKIP addresses keys by system IDs, which are client names.
        _encryptors = [.. encryptors, SaeId.Parse(name.Value)];
    }

    public NodeName Name { get; }

    /// <summary>The encryptors as the client listed them.</summary>
    public IReadOnlyList<SaeId> Encryptors { get; }

    public Guid? Instance { get; }

    public bool NetworkMismatch { get; }

    public ClientLink Link { get; }

    /// <summary>The link that a couriered file began; null when the client registered by itself.</summary>
    public Guid? Courier { get; }

    /// <inheritdoc cref="ClientLink.HubOwned" />
    public LocalPool HubOwned => Link.HubOwned;

    /// <inheritdoc cref="ClientLink.ClientOwned" />
    public PeerPool ClientOwned => Link.ClientOwned;

    /// <summary>All SAE IDs that the client claims, its own name included.</summary>
    public IReadOnlyCollection<SaeId> Claims => _encryptors;

    public bool Owns(SaeId sae) => _encryptors.Contains(sae);

    /// <summary>What is to be kept of it.</summary>
    public RegistrationRecord ToRecord() => new(Name, Encryptors, Instance, Link.IsEnrolled, Courier);

    public void Dispose() => Link.Dispose();
}
