using System.CommandLine;
using System.CommandLine.Completions;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;

namespace Dske.Cli.Nodes;

/// <summary>The options that choose nodes: <c>--hub</c>, <c>--client</c> and <c>--encryptor</c>, each as often as there are nodes.</summary>
internal sealed class NodeSelection
{
    private readonly (string Kind, Option<string[]> Option)[] _options = [.. Kinds.Select(kind => (kind, Create(kind)))];

    /// <summary>Makes the options.</summary>
    /// <param name="names">Suggests names of nodes.</param>
    public NodeSelection(NameSuggestions names)
    {
        foreach (var (kind, option) in _options)
        {
            option.CompletionSources.Add(completion => names.Nodes(kind).Select(name => new CompletionItem(name)));
        }
    }

    private static IEnumerable<string> Kinds => ["hub", "client", "encryptor"];

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether any node was chosen.</summary>
    /// <param name="parsed">What was typed.</param>
    public bool IsGiven(ParseResult parsed) => _options.Any(choice => parsed.GetValue(choice.Option) is { Length: > 0 });

    /// <summary>Finds the nodes that were chosen, each once.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="nodes">The nodes of the network.</param>
    /// <exception cref="CommandFailure">One of them does not exist, or is something else.</exception>
    public List<NodeState> Find(ParseResult parsed, IReadOnlyCollection<NodeState> nodes) =>
    [
        .. _options
            .SelectMany(choice => (parsed.GetValue(choice.Option) ?? []).Select(name => Find(choice.Kind, name, nodes)))
            .DistinctBy(node => node.Name),
    ];

    private static NodeState Find(string kind, string name, IReadOnlyCollection<NodeState> nodes)
    {
        var node = nodes.FirstOrDefault(node => node.Name == name);
        if (node is not null && node.Kind == kind)
        {
            return node;
        }

        var there = string.Join(", ", nodes.Where(other => other.Kind == kind).Select(other => other.Name));
        throw new CommandFailure(ExitCode.BadInput, node is null
            ? $"There is no {kind} '{name}'. There are: {there}."
            : $"'{name}' is not a {kind}: use --{node.Kind} {name}.");
    }

    private static Option<string[]> Create(string kind) => new("--" + kind)
    {
        Description = $"A {kind}; may be repeated.".Replace("A encryptor", "An encryptor", StringComparison.Ordinal),
        HelpName = "NAME",
    };
}
