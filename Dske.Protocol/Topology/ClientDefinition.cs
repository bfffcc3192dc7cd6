using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Topology;

/// <summary>One client (KME) of a topology, with the encryptors (SAEs) that it serves.</summary>
public sealed record ClientDefinition
{
    /// <summary>The client's name, unique among all nodes. It is always an SAE ID of this client, too.</summary>
    public required NodeName Name { get; init; }

    /// <summary>Where a client run by someone else is found, as written in the file; null for a client that runs here.</summary>
    public Uri? Url { get; init; }

    /// <summary>
    /// The encryptors of this client, possibly none. A client and its encryptors share one site (ETSI GS QKD 014 clause 4), so
    /// those of a client run by someone else are run by someone else: they are listed for their SAE IDs.
    /// </summary>
    public IReadOnlyList<EncryptorDefinition> Encryptors { get; init; } = [];

    /// <summary>Whether the client and its encryptors are ones that we start, rather than someone else's.</summary>
    public bool RunsHere => Url is null;
}
