using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;

namespace Dske.Benchmarks.Hubs;

/// <summary>A hub that keeps everything in memory, and two clients of it: carol with sam, conny with sofia.</summary>
internal sealed class MemoryHub : IDisposable
{
    /// <summary>The encryptor that makes keys.</summary>
    public const string Master = "sam";

    /// <summary>The encryptor that gets the same.</summary>
    public const string Slave = "sofia";

    private static readonly NetworkShape Network = new([.. new[] { "hank", "helen", "hilary", "holly", "hugo" }.Select(NodeName.Parse)], 3);

    private readonly InMemoryPsrdStore _psrd = new();
    private readonly InMemoryHubStateStore _state = new(SystemEntropySource.Instance);

    /// <summary>Puts them together.</summary>
    /// <param name="blockSize">The size of each pool's block, in bytes.</param>
    public MemoryHub(int blockSize)
    {
        // Shares that were delivered go at once: those of a whole measurement would not all have room.
        var limits = new HubLimits { HoldTime = TimeSpan.Zero, RepeatWindow = TimeSpan.Zero };
        Engine = new HubEngine(NodeName.Parse("hank"), Network, _psrd, _state, SystemEntropySource.Instance, TimeProvider.System, limits);
        Carol = LinkedClient.Enrol(Engine, "carol", Master, blockSize);
        Conny = LinkedClient.Enrol(Engine, "conny", Slave, blockSize);
    }

    /// <summary>The hub.</summary>
    public HubEngine Engine { get; }

    /// <summary>The client that hands shares in.</summary>
    public LinkedClient Carol { get; }

    /// <summary>The client that fetches them.</summary>
    public LinkedClient Conny { get; }

    public void Dispose()
    {
        Carol.Dispose();
        Conny.Dispose();
        Engine.Dispose();
        _psrd.Dispose();
        _state.Dispose();
    }
}
