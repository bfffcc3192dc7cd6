using Dske.Console.Network;
using Dske.Protocol.Management;

namespace Dske.Tests.Unit.Console.Network;

/// <summary>Answers of nodes for tests, and the network that they are of: hank and helen, carol and conny, sam at carol.</summary>
internal static class Readings
{
    public const long Full = 1000;

    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly NetworkSettings Settings = new(
        [
            new MonitoredNode("hank", NodeKind.Hub, new Uri("http://localhost:1")),
            new MonitoredNode("helen", NodeKind.Hub, new Uri("http://localhost:2")),
            new MonitoredNode("carol", NodeKind.Client, new Uri("http://localhost:3")),
            new MonitoredNode("conny", NodeKind.Client, new Uri("http://localhost:4")),
            new MonitoredNode("sam", NodeKind.Encryptor, new Uri("http://localhost:5"), "sam", "carol"),
        ],
        Threshold: 2,
        RefillBelow: 250,
        RefillTo: Full,
        PollInterval: TimeSpan.FromMilliseconds(500));

    public static readonly Guid Block = new("11111111-1111-1111-1111-111111111111");

    public static MonitoredNode NodeOf(string name) => Settings.Nodes.Single(node => node.Name == name);

    public static NodeReading Ready(string node) => new(NodeOf(node), NodeHealth.Ready, null);

    public static NodeReading Down(string node) => new(NodeOf(node), NodeHealth.Down, "It does not answer.");

    public static NodeReading AnswerOf(string name, params PeerHubReport[] hubs) => Ready(name) with
    {
        Client = new ClientReport { Name = name, EncryptorNames = name == "carol" ? ["sam"] : [], Ready = true, Threshold = 2, PeerHubs = hubs },
    };

    public static PeerHubReport LinkTo(string name, long clientOwned = Full, long hubOwned = Full, bool suspect = false, bool mismatch = false, bool usable = true) => new()
    {
        HubName = name,
        ShareIndex = name == "hank" ? 0 : 1,
        Registered = true,
        Usable = usable,
        Dialect = "native",
        NetworkMismatch = mismatch,
        SetBack = false,
        Suspect = suspect,
        Waiting = 0,
        LocalPool = new PoolReport { Owner = "local", Blocks = [BlockOf(Block, clientOwned)] },
        PeerPool = new PoolReport { Owner = "peer", Blocks = [BlockOf(Block, hubOwned)] },
    };

    public static BlockReport BlockOf(Guid id, long unused, bool pending = false) =>
        new() { Uuid = id, Size = Full, UsedBytes = Full - unused, UnusedBytes = unused, Pending = pending };

    /// <summary>The next snapshot, a second after the one before.</summary>
    public static NetworkSnapshot Build(NetworkSnapshot? before, params NodeReading[] readings) => SnapshotBuilder.Build(
        Settings, before, readings.ToDictionary(reading => reading.Node.Name), before?.TakenAt.AddSeconds(1) ?? Start);

    /// <summary>A network in which all is well.</summary>
    public static NetworkSnapshot Well(NetworkSnapshot? before = null) => Build(
        before, Ready("hank"), Ready("helen"), AnswerOf("carol", LinkTo("hank"), LinkTo("helen")), AnswerOf("conny", LinkTo("hank"), LinkTo("helen")), Ready("sam"));
}
