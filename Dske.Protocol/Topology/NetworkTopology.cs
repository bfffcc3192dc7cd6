using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Topology;

/// <summary>
/// The nodes of a network and the settings that they share, as <c>topology.yaml</c> gives them. A topology that
/// <see cref="TopologyFile"/> hands out keeps every rule of the file format; one put together in code is its author's affair.
/// </summary>
/// <remarks>Immutable, hence safe for concurrent use.</remarks>
public sealed record NetworkTopology
{
    /// <summary>The least number of hubs: with one hub there is nothing to share among.</summary>
    public const int MinHubs = 2;

    /// <summary>The greatest number of hubs: each holds one share of a key, and a key has at most 16.</summary>
    public const int MaxHubs = ShamirScheme.MaxShareCount;

    /// <summary>The least threshold. With 1, every hub would hold the key itself.</summary>
    public const int MinThreshold = ShamirScheme.MinThreshold;

    /// <summary>The threshold of a file that names none.</summary>
    public const int DefaultThreshold = 3;

    /// <summary>The first port of a file that names none.</summary>
    public const int DefaultBasePort = 8100;

    /// <summary>The least first port; those below need privileges.</summary>
    public const int MinBasePort = 1024;

    /// <summary>The hubs, in the order of the file: the i-th one (from 0) relays the share with index i.</summary>
    public required IReadOnlyList<HubDefinition> Hubs { get; init; }

    /// <summary>The clients (KMEs) with their encryptors, in the order of the file.</summary>
    public required IReadOnlyList<ClientDefinition> Clients { get; init; }

    /// <summary>How many shares rebuild a key: from <see cref="MinThreshold"/> to the number of hubs; by default 3.</summary>
    public int Threshold { get; init; } = DefaultThreshold;

    /// <summary>The first TCP port of the nodes that run here (see <see cref="PortPlan"/>); by default 8100.</summary>
    public int BasePort { get; init; } = DefaultBasePort;

    /// <summary>How much pre-shared random data each link keeps.</summary>
    public PsrdSettings Psrd { get; init; } = new();

    /// <summary>What hubs and clients must agree on before they exchange shares.</summary>
    /// <exception cref="ArgumentException">The topology, put together in code, has no hub or a name twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The topology, put together in code, has a threshold out of range.</exception>
    public NetworkShape GetShape() => new([.. Hubs.Select(hub => hub.Name)], Threshold);
}
