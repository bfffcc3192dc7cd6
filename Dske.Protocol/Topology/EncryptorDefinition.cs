using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Topology;

/// <summary>One encryptor of a topology.</summary>
public sealed record EncryptorDefinition
{
    /// <summary>The encryptor's name, unique among all nodes.</summary>
    public required NodeName Name { get; init; }

    /// <summary>The identifier under which it asks for keys, unique in the network; where the file gives none, the name.</summary>
    public required SaeId SaeId { get; init; }

    /// <summary>Where keys go that it establishes by itself; none for an encryptor run by someone else.</summary>
    public IReadOnlyList<SinkDefinition> Sinks { get; init; } = [];
}
