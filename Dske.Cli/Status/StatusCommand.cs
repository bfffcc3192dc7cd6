using System.CommandLine;
using System.CommandLine.Completions;
using Dske.Certificates;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dske.Cli.Status;

/// <summary><c>dske status</c>: how a network is.</summary>
internal sealed class StatusCommand
{
    private readonly CommandContext _context;
    private readonly NetworkOptions _network = new();
    private readonly Argument<string?> _node = new("NODE") { Description = "One node, with each of its links and key sinks.", HelpName = "NODE", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _watch = new("--watch") { Description = "Look again every second, until Ctrl+C." };

    private StatusCommand(CommandContext context)
    {
        _context = context;
        var names = new NameSuggestions(context);
        _node.CompletionSources.Add(_ => names.Nodes().Select(name => new CompletionItem(name)));
    }

    private static TimeSpan Interval => TimeSpan.FromSeconds(1);

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var status = new StatusCommand(context);
        var command = new ExampledCommand(
            "status",
            "Tells how the nodes of a network are.",
            "dske status",
            "dske status carol",
            "dske status --watch",
            "dske status --json | jq '.[] | select(.psrd_left != null and .psrd_left < 65536) | .name'")
            .WithDetails(
                "LINKS are usable ones of all; PSRD LEFT is the random data in the pool that is nearest to empty; KEYS are the shares that wait at a hub and the keys "
                    + $"that an encryptor holds; SUSPECTS are hubs that probably lie. The exit code is {(int)ExitCode.Unhealthy} unless all nodes are healthy.")
            .Does(status.RunAsync);
        command.Arguments.Add(status._node);
        status._network.AddTo(command);
        command.Options.Add(status._watch);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        try
        {
            return await LookAsync(parsed, stop);
        }
        catch (OperationCanceledException) when (parsed.GetValue(_watch) && stop.IsCancellationRequested)
        {
            // Ctrl+C is how one stops looking.
            return ExitCode.Success;
        }
    }

    private async Task<ExitCode> LookAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = _network.Find(parsed, _context);
        using var control = NetworkControl.Open(files);
        using var http = Connect(files, await control.ListAsync(stop));
        var reader = new NodeReader(http, files.TryLoadTopology(out _));
        var name = parsed.GetValue(_node);
        if (parsed.GetValue(_watch))
        {
            await WatchAsync(parsed, () => ReadAsync(control, reader, name, stop), stop);
            return ExitCode.Success;
        }

        var nodes = await ReadAsync(control, reader, name, stop);
        Write(parsed, nodes, name);
        return nodes.All(node => node.ToState().IsHealthy) ? ExitCode.Success : ExitCode.Unhealthy;
    }

    private static HttpClient Connect(NetworkFiles files, NodeState[] nodes)
    {
        var hasTls = nodes.Any(node => node.Url?.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.Ordinal) == true);
        var directory = new CertificateDirectory(files.CertificateDirectory);
        return NodeConnection.Create(hasTls
            ? new CertificatePaths(directory.Operator.Certificate, directory.Operator.Key, directory.Authority.Certificate)
            : null);
    }

    private static async Task<NodeStatus[]> ReadAsync(NetworkControl control, NodeReader reader, string? name, CancellationToken stop)
    {
        var nodes = await control.ListAsync(stop);
        if (name is not null && nodes.All(node => node.Name != name))
        {
            throw new CommandFailure(ExitCode.BadInput, $"There is no node '{name}'. There are: {string.Join(", ", nodes.Select(node => node.Name))}.");
        }

        return await reader.ReadAsync(nodes.Where(node => name is null || node.Name == name), stop);
    }

    private void Write(ParseResult parsed, NodeStatus[] nodes, string? name)
    {
        if (parsed.WantsJson())
        {
            if (name is null)
            {
                _context.Terminal.WriteJson(nodes, StatusJson.Default.NodeStatusArray);
            }
            else
            {
                _context.Terminal.WriteJson(nodes[0], StatusJson.Default.NodeStatus);
            }

            return;
        }

        _context.Terminal.Write(Render(nodes, name));
    }

    private static Rows Render(NodeStatus[] nodes, string? name)
    {
        List<IRenderable> parts = [StatusTable.OfNetwork(nodes)];
        var node = name is null ? null : nodes[0];
        if (node is { Links.Count: > 0 })
        {
            parts.AddRange([new Text(""), StatusTable.OfLinks(node)]);
        }

        if (node?.SecureLinks is { } links)
        {
            parts.AddRange([new Text(""), StatusTable.OfSecureLinks(links)]);
        }

        if (node?.Sinks is { } sinks)
        {
            parts.AddRange([new Text(""), StatusTable.OfSinks(sinks)]);
        }

        return new Rows(parts);
    }

    // Until it is called off, or the network ends.
    private async Task WatchAsync(ParseResult parsed, Func<Task<NodeStatus[]>> read, CancellationToken stop)
    {
        var name = parsed.GetValue(_node);
        if (parsed.WantsJson() || !_context.Terminal.OutputIsTerminal)
        {
            while (true)
            {
                Write(parsed, await read(), name);
                await Task.Delay(Interval, _context.Time, stop);
            }
        }

        await _context.Terminal.Output.Live(Render(await read(), name)).StartAsync(async live =>
        {
            while (true)
            {
                live.UpdateTarget(Render(await read(), name));
                await Task.Delay(Interval, _context.Time, stop);
            }
        });
    }
}
