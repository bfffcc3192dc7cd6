using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using Dske.Cli.CommandLine;
using Dske.Cli.Keys;
using Dske.Cli.Network;
using Dske.Protocol.Secrets;

namespace Dske.Cli.Courier;

/// <summary>
/// Which nodes are asked, and how: those of the network that runs here, with its operator's token; or one that runs by itself, by
/// <c>--url</c> and <c>--operator-token</c>.
/// </summary>
internal sealed class NodeOptions
{
    private const int MaxToken = 256;

    private readonly ConnectionOptions _connection = new("", "the operator");
    private readonly Option<string?> _url = new("--url")
    {
        Description = "Where the node listens, such as http://localhost:9000, when it is none of a network that dske or the AppHost runs here.",
        HelpName = "URL",
    };

    private readonly Option<string?> _token = new("--operator-token")
    {
        Description = "The file with the token that the node knows as Dske:Access:OperatorTokenFile. Default: that of the network that runs here.",
        HelpName = "FILE",
    };

    /// <summary>The network that is meant.</summary>
    public NetworkOptions Network { get; } = new();

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        Network.AddTo(command);
        command.Options.Add(_url);
        command.Options.Add(_token);
        _connection.AddTo(command);
    }

    /// <summary>The nodes of a kind that run here.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="context">What the command works with.</param>
    /// <param name="kind">hub or client.</param>
    /// <param name="named">The nodes that are wanted; null for all that run.</param>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="CommandFailure">One of them does not exist, or does not run.</exception>
    public async Task<IReadOnlyList<Node>> FindAsync(
        ParseResult parsed, CommandContext context, string kind, IReadOnlyCollection<string>? named, CancellationToken stop)
    {
        if (parsed.GetValue(_url) is { } url)
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { IsLoopback: true } && address.Scheme is "http" or "https"
                ? named is { Count: 1 } ? [new Node(kind, named.First(), address.GetLeftPart(UriPartial.Authority))]
                    : throw new CommandFailure(ExitCode.BadInput, $"--url is for one {kind}, which has to be named.")
                : throw new CommandFailure(ExitCode.BadInput, $"'{url}' is no address on this machine: nodes make and read files for their own operator alone.");
        }

        using var control = NetworkControl.Open(Network.Find(parsed, context));
        var nodes = (await control.ListAsync(stop)).Where(node => node.Kind == kind).ToList();
        if (named is null)
        {
            return [.. nodes.Where(node => node is { Runs: true, Url: not null }).Select(node => new Node(kind, node.Name, node.Url!))];
        }

        return
        [
            .. named.Select(name => nodes.Find(node => node.Name == name) switch
            {
                null => throw new CommandFailure(ExitCode.BadInput, $"There is no {kind} '{name}' here. There are: {string.Join(", ", nodes.Select(node => node.Name))}."),
                { Runs: true, Url: { } at } => new Node(kind, name, at),
                _ => throw new CommandFailure(ExitCode.WrongState, $"{name} does not run."),
            }),
        ];
    }

    /// <summary>Makes what asks nodes, with the operator's token.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="context">What the command works with.</param>
    /// <param name="stop">Ends the call.</param>
    /// <returns>It, which the caller disposes.</returns>
    /// <exception cref="CommandFailure">A file is no good.</exception>
    public async Task<HttpClient> ConnectAsync(ParseResult parsed, CommandContext context, CancellationToken stop)
    {
        var files = Network.Find(parsed, context);
        var path = parsed.GetValue(_token) is { } named ? context.FullPath(named) : files.OperatorTokenFile;
        if (!OwnerOnlyFile.TryRead(path, MaxToken, out var token, out var problem))
        {
            throw new CommandFailure(ExitCode.BadInput, $"The operator's token is needed: {problem}");
        }

        using (token)
        {
            var certificates = _connection.Find(parsed, context, await NetworkScheme.FindAsync(files, stop), directory => directory.Operator);
            var http = NodeConnection.Create(certificates);

            // Gigabytes take their time; Ctrl+C ends them. The client takes headers as text and nothing else.
            http.Timeout = Timeout.InfiniteTimeSpan;
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Encoding.ASCII.GetString(token.Span));
            return http;
        }
    }
}
