using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>What makes a client: its name, its encryptors and its hubs.</summary>
public sealed record ClientSettings
{
    /// <summary>The client's name.</summary>
    public required NodeName Name { get; init; }

    /// <summary>The encryptors attached to it; may be empty.</summary>
    public required IReadOnlyList<SaeId> Encryptors { get; init; }

    /// <summary>The hubs, in the order of the network: the place of a hub is the index of its share.</summary>
    public required IReadOnlyList<HubSettings> Hubs { get; init; }

    /// <summary>How many shares rebuild a key: 2 to the number of hubs.</summary>
    public required int Threshold { get; init; }

    /// <summary>How much PSRD to keep with each hub.</summary>
    public PsrdTargets Psrd { get; init; } = new();

    /// <summary>How long to wait for hubs, and how much to ask of each.</summary>
    public ClientLimits Limits { get; init; } = new();
}
