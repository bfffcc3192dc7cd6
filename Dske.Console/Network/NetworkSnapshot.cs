using System.Collections.Frozen;

namespace Dske.Console.Network;

/// <summary>The network at one moment. Immutable.</summary>
public sealed class NetworkSnapshot
{
    private readonly FrozenDictionary<string, NodeState> _nodes;
    private readonly ILookup<string, LinkState> _byClient;
    private readonly ILookup<string, LinkState> _byHub;
    private readonly FrozenDictionary<(string Client, string Hub), LinkState> _links;

    internal NetworkSnapshot(DateTimeOffset takenAt, int threshold, IReadOnlyList<NodeState> nodes, IReadOnlyList<LinkState> links)
    {
        TakenAt = takenAt;
        Threshold = threshold;
        Nodes = nodes;
        Links = links;
        _nodes = nodes.ToFrozenDictionary(static node => node.Name, StringComparer.Ordinal);
        _links = links.ToFrozenDictionary(static link => (link.Client, link.Hub));
        _byClient = links.ToLookup(static link => link.Client, StringComparer.Ordinal);
        _byHub = links.ToLookup(static link => link.Hub, StringComparer.Ordinal);
        Hubs = [.. nodes.Where(static node => node.Kind == NodeKind.Hub)];
        Clients = [.. nodes.Where(static node => node.Kind == NodeKind.Client)];
        Encryptors = [.. nodes.Where(static node => node.Kind == NodeKind.Encryptor)];
        Alarms = NetworkAlarms.Find(this);
    }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset TakenAt { get; }

    /// <summary>How many hubs a key takes.</summary>
    public int Threshold { get; }

    /// <summary>All nodes: hubs, clients, encryptors.</summary>
    public IReadOnlyList<NodeState> Nodes { get; }

    /// <summary>The hubs, those that someone else runs included.</summary>
    public IReadOnlyList<NodeState> Hubs { get; }

    /// <summary>The clients.</summary>
    public IReadOnlyList<NodeState> Clients { get; }

    /// <summary>The encryptors.</summary>
    public IReadOnlyList<NodeState> Encryptors { get; }

    /// <summary>The links, by client and then in the order of the hubs.</summary>
    public IReadOnlyList<LinkState> Links { get; }

    /// <summary>What somebody should look at, the gravest first.</summary>
    public IReadOnlyList<NetworkAlarm> Alarms { get; }

    /// <summary>Looks up a node.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The node, or null when there is none.</returns>
    public NodeState? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>Looks up a link.</summary>
    /// <param name="client">The client.</param>
    /// <param name="hub">The hub.</param>
    /// <returns>The link, or null when the client has not reported it yet.</returns>
    public LinkState? Find(string client, string hub) => _links.GetValueOrDefault((client, hub));

    /// <summary>The links of a client or a hub; none of an encryptor.</summary>
    /// <param name="node">The node's name.</param>
    public IEnumerable<LinkState> LinksOf(string node) => _byClient[node].Concat(_byHub[node]);

    /// <summary>The encryptors of a client, as nodes.</summary>
    /// <param name="client">The client's name.</param>
    public IEnumerable<NodeState> EncryptorsOf(string client) => Encryptors.Where(encryptor => encryptor.Node?.Client == client);
}
