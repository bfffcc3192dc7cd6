using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Topology;

/// <summary>
/// Which TCP port each node of a topology listens on. Counting up from the base port: hubs, then clients, then encryptors, each in
/// the order of the file, then the console.
/// </summary>
/// <remarks>
/// Only nodes that run here take a port. A hub or client with a URL of its own, and the encryptors of such a client, are passed
/// over and leave no gap. Immutable, hence safe for concurrent use.
/// </remarks>
public sealed class PortPlan
{
    /// <summary>How far above the base port the console is; where more nodes than that run here, it is just above the last one.</summary>
    public const int ConsoleOffset = 20;

    private readonly Dictionary<NodeName, int> _ports;

    private PortPlan(Dictionary<NodeName, int> ports, int consoleHttpPort)
    {
        _ports = ports;
        ConsoleHttpPort = consoleHttpPort;
    }

    /// <summary>The console's port for its pages and for telemetry (OTLP over HTTP); 8120 by default.</summary>
    public int ConsoleHttpPort { get; }

    /// <summary>The console's port for telemetry (OTLP over gRPC); 8121 by default. Its own, as HTTP/2 in clear text needs one.</summary>
    public int ConsoleGrpcPort => ConsoleHttpPort + 1;

    /// <summary>The port of every node that runs here.</summary>
    public IReadOnlyDictionary<NodeName, int> Ports => _ports;

    /// <summary>Assigns the ports of a topology.</summary>
    /// <param name="topology">The topology.</param>
    /// <exception cref="ArgumentNullException"><paramref name="topology"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two nodes have the same name, or the ports would go above 65535. Neither happens with a topology from a file.
    /// </exception>
    public static PortPlan For(NetworkTopology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var names = NodesThatRunHere(topology).ToList();
        if (topology.BasePort > HighestBasePort(names.Count))
        {
            throw new ArgumentException($"There are not enough ports above {topology.BasePort} for {names.Count} nodes.", nameof(topology));
        }

        var ports = new Dictionary<NodeName, int>(names.Count);
        foreach (var name in names)
        {
            if (!ports.TryAdd(name, topology.BasePort + ports.Count))
            {
                throw new ArgumentException($"Two nodes are named '{name}'.", nameof(topology));
            }
        }

        return new PortPlan(ports, topology.BasePort + Math.Max(ConsoleOffset, names.Count));
    }

    /// <summary>Looks up a node's port.</summary>
    /// <param name="name">The node.</param>
    /// <param name="port">The port, when the result is true.</param>
    /// <returns>False when no such node runs here.</returns>
    public bool TryGetPort(NodeName name, out int port) => _ports.TryGetValue(name, out port);

    /// <summary>The port of a node that is known to run here.</summary>
    /// <param name="name">The node.</param>
    /// <exception cref="ArgumentException">No such node runs here.</exception>
    public int PortOf(NodeName name) =>
        TryGetPort(name, out var port) ? port : throw new ArgumentException($"No node '{name}' runs here.", nameof(name));

    /// <summary>The greatest base port that leaves room for <paramref name="nodeCount"/> nodes and the console's two ports.</summary>
    internal static int HighestBasePort(int nodeCount) => ushort.MaxValue - 1 - Math.Max(ConsoleOffset, nodeCount);

    /// <summary>How many nodes take a port.</summary>
    internal static int CountNodes(NetworkTopology topology) => NodesThatRunHere(topology).Count();

    private static IEnumerable<NodeName> NodesThatRunHere(NetworkTopology topology)
    {
        var clients = topology.Clients.Where(client => client.RunsHere).ToList();
        return topology.Hubs.Where(hub => hub.RunsHere).Select(hub => hub.Name)
            .Concat(clients.Select(client => client.Name))
            .Concat(clients.SelectMany(client => client.Encryptors).Select(encryptor => encryptor.Name));
    }
}
