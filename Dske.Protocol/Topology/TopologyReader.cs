using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Topology.Yaml;

namespace Dske.Protocol.Topology;

/// <summary>Turns the elements of a YAML document into a topology and reports whatever breaks a rule. Used once.</summary>
internal sealed class TopologyReader(ProblemList problems)
{
    private readonly NameRegistry _names = new(problems);
    private readonly SinkPairing _sinks = new(problems);

    /// <summary>Reads a topology; the result counts only when no problem was reported.</summary>
    public NetworkTopology? Read(YamlElement root)
    {
        var fields = TopologyFields.Of(root, "a mapping with hubs and clients", TopologyKeys.OfTopology, problems);
        if (fields is null)
        {
            return null;
        }

        var topology = new NetworkTopology
        {
            Hubs = ReadHubs(fields, out var hubCount),
            Clients = ReadClients(fields),
            Threshold = ReadThreshold(fields, hubCount),
            Psrd = new PsrdReader(problems).Read(fields),
        };
        _names.CheckSaes();
        _sinks.Check(topology.Clients
            .Where(static client => client.RunsHere)
            .SelectMany(static client => client.Encryptors)
            .Select(static encryptor => encryptor.SaeId)
            .ToHashSet());
        return topology with { BasePort = ReadBasePort(fields, PortPlan.CountNodes(topology)) };
    }

    // The count is of hubs as listed, so that a hub with a problem of its own does not bring up another one about the threshold.
    private HubDefinition[] ReadHubs(TopologyFields fields, out int hubCount)
    {
        const int least = NetworkTopology.MinHubs;
        const int most = NetworkTopology.MaxHubs;
        hubCount = most;
        if (!fields.TryGetItems(TopologyKeys.Hubs, out var items))
        {
            if (!fields.IsGiven(TopologyKeys.Hubs))
            {
                problems.Add(fields.MarkOf(TopologyKeys.Hubs), $"'hubs' is missing: list {least} to {most} hubs");
            }
        }
        else if (items.Count is < least or > most)
        {
            problems.Add(fields.MarkOf(TopologyKeys.Hubs), $"'hubs' must list {least} to {most} hubs, not {items.Count}");
        }
        else
        {
            hubCount = items.Count;
        }

        return [.. items.Select(ReadHub).OfType<HubDefinition>()];
    }

    private HubDefinition? ReadHub(YamlElement item)
    {
        var fields = TopologyFields.Of(item, "a hub such as {name: hank}", TopologyKeys.OfHub, problems);
        return fields is null ? null : new HubDefinition
        {
            Name = ReadName(fields, "hub", runsHere: !fields.IsGiven(TopologyKeys.Url)),
            Url = ReadUrl(fields, "http://198.51.100.7:8100/hub/hank"),
            Dialect = ReadDialect(fields),
        };
    }

    private Dialect? ReadDialect(TopologyFields fields)
    {
        if (!fields.TryGetText(TopologyKeys.Dialect, out var text))
        {
            return null;
        }

        Dialect? dialect = text switch
        {
            "guide" => Dialect.Guide,
            "reference" => Dialect.Reference,
            _ => null,
        };
        if (dialect is null)
        {
            problems.Add(fields.MarkOf(TopologyKeys.Dialect), $"'dialect' must be guide or reference, not {TopologyFields.Quoted(text)}");
        }
        else if (!fields.IsGiven(TopologyKeys.Url))
        {
            problems.Add(fields.MarkOf(TopologyKeys.Dialect), "'dialect' is for a hub with a 'url'; a hub that runs here speaks both");
        }

        return dialect;
    }

    private ClientDefinition[] ReadClients(TopologyFields fields)
    {
        if (fields.TryGetItems(TopologyKeys.Clients, out var items) ? items.Count == 0 : !fields.IsGiven(TopologyKeys.Clients))
        {
            problems.Add(fields.MarkOf(TopologyKeys.Clients), "'clients' is missing: list at least one client");
        }

        return [.. items.Select(ReadClient).OfType<ClientDefinition>()];
    }

    private ClientDefinition? ReadClient(YamlElement item)
    {
        var fields = TopologyFields.Of(item, "a client such as {name: carol}", TopologyKeys.OfClient, problems);
        if (fields is null)
        {
            return null;
        }

        var runsHere = !fields.IsGiven(TopologyKeys.Url);
        var name = ReadName(fields, "client", runsHere);
        _names.TakeClient(name, fields.MarkOf(TopologyKeys.Name));
        _ = fields.TryGetItems(TopologyKeys.Encryptors, out var encryptors);
        return new ClientDefinition
        {
            Name = name,
            Url = ReadUrl(fields, "http://198.51.100.7:8105/client/carol"),
            Encryptors = [.. encryptors.Select(encryptor => ReadEncryptor(encryptor, name, runsHere)).OfType<EncryptorDefinition>()],
        };
    }

    private EncryptorDefinition? ReadEncryptor(YamlElement item, NodeName client, bool runsHere)
    {
        var fields = TopologyFields.Of(item, "an encryptor such as {name: sam}", TopologyKeys.OfEncryptor, problems);
        if (fields is null)
        {
            return null;
        }

        var name = ReadName(fields, "encryptor", runsHere);
        var saeKey = fields.IsGiven(TopologyKeys.SaeId) ? TopologyKeys.SaeId : TopologyKeys.Name;
        var saeId = saeKey == TopologyKeys.SaeId ? ReadSaeId(fields) : SaeId.TryParse(name.Value, out var byName) ? byName : default;
        _names.TakeSae(saeId, client, fields.MarkOf(saeKey));
        return new EncryptorDefinition { Name = name, SaeId = saeId, Sinks = new SinkReader(problems, _sinks).Read(fields, saeId, runsHere) };
    }

    private SaeId ReadSaeId(TopologyFields fields)
    {
        if (fields.TryGetText(TopologyKeys.SaeId, out var text) && !SaeId.TryParse(text, out _))
        {
            problems.Add(
                fields.MarkOf(TopologyKeys.SaeId),
                $"'sae_id' must be 1 to {SaeId.MaxLength} printable characters, not {TopologyFields.Quoted(text)}");
        }

        return SaeId.TryParse(text, out var id) ? id : default;
    }

    private NodeName ReadName(TopologyFields fields, string kind, bool runsHere)
    {
        if (fields.TryGetText(TopologyKeys.Name, out var text))
        {
            return _names.TakeNode(text, fields.MarkOf(TopologyKeys.Name), runsHere);
        }

        if (!fields.IsGiven(TopologyKeys.Name))
        {
            problems.Add(fields.MarkOf(TopologyKeys.Name), $"this {kind} has no 'name'");
        }

        return default;
    }

    private Uri? ReadUrl(TopologyFields fields, string example)
    {
        if (!fields.TryGetText(TopologyKeys.Url, out var text))
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0)
        {
            return url;
        }

        problems.Add(
            fields.MarkOf(TopologyKeys.Url),
            $"'url' must be an http or https URL without user, query or fragment, such as {example}, not {TopologyFields.Quoted(text)}");
        return null;
    }

    private int ReadThreshold(TopologyFields fields, int hubCount)
    {
        if (!fields.IsGiven(TopologyKeys.Threshold) && hubCount < NetworkTopology.DefaultThreshold)
        {
            problems.Add(
                fields.MarkOf(TopologyKeys.Hubs),
                $"'threshold' is missing: with {hubCount} hubs it cannot be {NetworkTopology.DefaultThreshold}, which it is when left out");
        }

        return fields.GetNumber(
            TopologyKeys.Threshold, NetworkTopology.MinThreshold, hubCount, NetworkTopology.DefaultThreshold, ", the number of hubs");
    }

    private static int ReadBasePort(TopologyFields fields, int nodeCount) => fields.GetNumber(
        TopologyKeys.BasePort,
        NetworkTopology.MinBasePort,
        PortPlan.HighestBasePort(nodeCount),
        NetworkTopology.DefaultBasePort,
        $", which leaves ports for {nodeCount} nodes and the console");
}
