using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology.Yaml;

namespace Dske.Protocol.Topology;

/// <summary>Checks node names and SAE IDs, each by itself and against all others of the file. Not safe for concurrent use.</summary>
internal sealed class NameRegistry(ProblemList problems)
{
    // The console is a resource beside the nodes and needs its name.
    private const string ConsoleName = "console";

    private readonly Dictionary<NodeName, YamlMark> _nodes = [];
    private readonly Dictionary<NodeName, YamlMark> _clients = [];
    private readonly List<(SaeId Id, NodeName Client, YamlMark Mark)> _saes = [];

    /// <summary>Checks and takes a node's name.</summary>
    /// <param name="text">The name as written.</param>
    /// <param name="mark">Where.</param>
    /// <param name="runsHere">Whether we start the node, under this name as a resource and host.</param>
    /// <returns>The default value when it is no name, or not a new one.</returns>
    public NodeName TakeNode(string text, YamlMark mark, bool runsHere)
    {
        var quoted = TopologyFields.Quoted(text);
        if (!NodeName.TryParse(text, out var name))
        {
            problems.Add(
                mark, $"{quoted} is no name for a node: 1 to {NodeName.MaxLength} of a-z, 0-9 and '-', neither first nor last a '-'");
        }
        else if (runsHere && (!char.IsAsciiLetterLower(text[0]) || text.Contains("--", StringComparison.Ordinal)))
        {
            // Aspire refuses other resource names, and a host of digits alone is taken for an address.
            problems.Add(mark, $"{quoted} is no name for a node that runs here: it must begin with a letter and have no '--'");
        }
        else if (text == ConsoleName)
        {
            problems.Add(mark, $"the name {quoted} is taken by the console");
        }
        else if (!_nodes.TryAdd(name, mark))
        {
            problems.Add(mark, $"the name {quoted} is already taken on line {_nodes[name].Line}");
        }
        else
        {
            return name;
        }

        return default;
    }

    /// <summary>Takes note of a client, whose name is always an SAE ID of its own.</summary>
    public void TakeClient(NodeName client, YamlMark mark)
    {
        if (!client.IsEmpty)
        {
            _clients.TryAdd(client, mark);
        }
    }

    /// <summary>Takes note of an encryptor's SAE ID, if it has one, and whose it is.</summary>
    public void TakeSae(SaeId id, NodeName client, YamlMark mark)
    {
        if (!id.IsEmpty)
        {
            _saes.Add((id, client, mark));
        }
    }

    /// <summary>Checks the SAE IDs against each other and against the clients, all of which must have been taken by now.</summary>
    public void CheckSaes()
    {
        var firsts = new Dictionary<SaeId, YamlMark>();
        foreach (var (id, client, mark) in _saes)
        {
            var quoted = TopologyFields.Quoted(id.Value);
            if (!firsts.TryAdd(id, mark))
            {
                problems.Add(mark, $"the SAE ID {quoted} is already taken on line {firsts[id].Line}");
            }
            else if (NodeName.TryParse(id.Value, out var name) && name != client && _clients.TryGetValue(name, out var owner))
            {
                problems.Add(mark, $"the SAE ID {quoted} belongs to the client of that name on line {owner.Line}");
            }
        }
    }
}
