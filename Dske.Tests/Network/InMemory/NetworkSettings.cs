using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>What an in-memory network is like.</summary>
internal sealed record NetworkSettings
{
    public int Hubs { get; init; } = 5;

    public int Threshold { get; init; } = 3;

    /// <summary>Smaller than in production, so that refills happen within a test.</summary>
    public PsrdTargets Psrd { get; init; } = new(BlockSize: 16 * 1024, RefillBelow: 4 * 1024, RefillTo: 16 * 1024);

    /// <summary>Time-outs differ from the interval of renewals, so that it can be told who waits for what.</summary>
    public ClientLimits ClientLimits { get; init; } = new() { HubTimeout = TimeSpan.FromSeconds(4) };

    /// <summary>Unknown keys are answered at once; tests of the holding say otherwise.</summary>
    public HubLimits HubLimits { get; init; } = new() { HoldTime = TimeSpan.Zero };

    public int Seed { get; init; } = 1;

    /// <summary>Whether nodes run on machines with a disk, which may lose power, rather than in memory alone.</summary>
    public bool HasDisks { get; init; }

    /// <summary>What a client in memory keeps its PSRD on instead of the ordinary store: for tests that show that others notice.</summary>
    public Func<IPsrdStore, IPsrdStore> ClientPsrd { get; init; } = store => store;

    /// <summary>What a client in memory keeps its state on instead of the ordinary store.</summary>
    public Func<IClientStateStore, IClientStateStore> ClientState { get; init; } = store => store;

    /// <summary>What a hub in memory keeps its state on instead of the ordinary store.</summary>
    public Func<IHubStateStore, IHubStateStore> HubState { get; init; } = store => store;
}
