using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.Benchmarks.Nodes;

/// <summary>Finds the processes of a network that runs on this machine, by the ports of its topology.</summary>
internal static class TopologyProcesses
{
    /// <summary>The type of hubs.</summary>
    public const string Hub = "hub";

    /// <summary>The type of clients.</summary>
    public const string Client = "client";

    /// <summary>The type of encryptors.</summary>
    public const string Encryptor = "encryptor";

    /// <summary>The type of the console.</summary>
    public const string Console = "console";

    /// <summary>Finds them.</summary>
    /// <param name="topology">The network.</param>
    public static NodeWatch Find(NetworkTopology topology)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new NodeWatch([], "processes are found on Linux only: name them with --pid");
        }

        var plan = PortPlan.For(topology);
        var nodes = NodesOf(topology, plan).ToList();
        var processes = ListeningSockets.FindProcesses(nodes.Select(node => node.Port).ToHashSet());
        var missing = nodes.Where(node => !processes.ContainsKey(node.Port) && node.Type != Console).Select(node => node.Name).ToList();
        return new NodeWatch(
            [.. nodes.Where(node => processes.ContainsKey(node.Port)).Select(node => new NodeProcess(node.Name, node.Type, processes[node.Port]))],
            missing.Count == 0 ? null : $"no process of this user listens where these should: {string.Join(", ", missing)}");
    }

    private static IEnumerable<(string Name, string Type, int Port)> NodesOf(NetworkTopology topology, PortPlan plan)
    {
        var clients = topology.Clients.Where(client => client.RunsHere).ToList();
        return topology.Hubs.Where(hub => hub.RunsHere).Select(hub => Node(hub.Name, Hub))
            .Concat(clients.Select(client => Node(client.Name, Client)))
            .Concat(clients.SelectMany(client => client.Encryptors).Select(encryptor => Node(encryptor.Name, Encryptor)))
            .Append((Console, Console, plan.ConsoleHttpPort));

        (string Name, string Type, int Port) Node(NodeName name, string type) => (name.Value, type, plan.PortOf(name));
    }
}
