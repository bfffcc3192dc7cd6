using System.CommandLine;
using System.Globalization;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;
using Dske.Cli.Terminals;

namespace Dske.Cli.Topologies;

/// <summary><c>dske topology check</c>: whether a topology file is in order, and what it says.</summary>
internal sealed class TopologyCommand
{
    private readonly CommandContext _context;
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "The file. Default: topology.yaml here, else the one of the repository.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private TopologyCommand(CommandContext context) => _context = context;

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var topology = new TopologyCommand(context);
        var check = new ExampledCommand(
            "check",
            "Tells every problem of a topology file, or what it says.",
            "dske topology check",
            "dske topology check lab.yaml --json").Does(topology.CheckAsync);
        check.Arguments.Add(topology._file);
        return new ExampledCommand("topology", "Looks at topology files.") { check };
    }

    private Task<ExitCode> CheckAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = new NetworkFiles(_context, parsed.GetValue(_file), data: null);
        var topology = files.LoadTopology();
        var summary = new TopologySummary(files.TopologyFile, topology.Hubs.Count, topology.Threshold, [.. TopologyNode.AllOf(topology)], [.. TopologySink.AllOf(topology)]);
        if (parsed.WantsJson())
        {
            _context.Terminal.WriteJson(summary, TopologyJson.Default.TopologySummary);
            return Task.FromResult(ExitCode.Success);
        }

        var table = Tables.Create("NODE", "KIND", "SAE ID", "CLIENT", "WHERE");
        foreach (var node in summary.Nodes)
        {
            var where = node.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"port {port}") : node.Url ?? "run by someone else";
            table.AddCells(node.Name, node.Kind, node.SaeId, node.Client, where);
        }

        _context.Terminal.Write(table);
        _context.Terminal.WriteLine();
        if (summary.Sinks.Count > 0)
        {
            // What is run as whoever starts the network is worth a look.
            var sinks = Tables.Create("KEY SINK", "OF", "WITH", "EVERY", "HANDS KEYS TO");
            foreach (var sink in summary.Sinks)
            {
                sinks.AddCells(sink.Name, sink.Encryptor, sink.Peer, sink.Every(), sink.Describe());
            }

            _context.Terminal.Write(sinks);
            _context.Terminal.WriteLine();
        }

        _context.Terminal.WriteLine($"{files.TopologyFile} is in order. A key takes {topology.Threshold} of {topology.Hubs.Count} hubs.");
        return Task.FromResult(ExitCode.Success);
    }
}
