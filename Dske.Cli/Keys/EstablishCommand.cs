using System.CommandLine;
using System.CommandLine.Completions;
using System.Net.Http.Headers;
using System.Text.Json;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;
using Dske.Protocol.Topology;

namespace Dske.Cli.Keys;

/// <summary><c>dske establish SAE SAE</c>: has two encryptors establish keys and prove to each other that they hold the same.</summary>
internal sealed class EstablishCommand
{
    /// <summary>How long an answer may take: many keys with hubs that are down take some seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CommandContext _context;
    private readonly NetworkOptions _network = new();
    private readonly KeySizeOptions _sizes = new();
    private readonly ConnectionOptions _connection = new("", "whoever operates the network");
    private readonly Argument<string> _sae = new("SAE") { Description = "The SAE whose encryptor is asked.", HelpName = "SAE" };
    private readonly Argument<string> _peer = new("PEER") { Description = "The other SAE.", HelpName = "PEER" };

    private EstablishCommand(CommandContext context)
    {
        _context = context;
        var names = new NameSuggestions(context);
        foreach (var argument in new[] { _sae, _peer })
        {
            argument.CompletionSources.Add(_ => names.Saes().Select(name => new CompletionItem(name)));
        }
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var establish = new EstablishCommand(context);
        var command = new ExampledCommand(
            "establish",
            "Has two encryptors establish keys.",
            "dske establish sam sofia",
            "dske establish sam sofia --size 512 --number 3 --json")
            .WithDetails("The first asks its KME, offers the keys to the other, and both prove that they hold the same. The keys are not shown.")
            .Does(establish.RunAsync);
        command.Arguments.Add(establish._sae);
        command.Arguments.Add(establish._peer);
        establish._sizes.AddTo(command);
        establish._network.AddTo(command);
        establish._connection.AddTo(command);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = _network.Find(parsed, _context);
        var topology = files.LoadTopology();
        var (asked, peer) = (Kme.Find(topology, parsed.GetValue(_sae)!), Kme.Find(topology, parsed.GetValue(_peer)!));
        if (asked.Encryptor is not { } encryptor || !PortPlan.For(topology).TryGetPort(encryptor, out var port))
        {
            throw new CommandFailure(ExitCode.BadInput, $"No encryptor of '{asked.Sae}' runs here.");
        }

        var certificates = _connection.Find(parsed, _context, await NetworkScheme.FindAsync(files, stop), directory => directory.Operator);
        using var http = NodeConnection.Create(certificates);
        http.Timeout = Patience;
        var scheme = certificates is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        var url = new Uri($"{scheme}://localhost:{port}/encryptor/{Uri.EscapeDataString(asked.Sae.Value)}/api/v1/keys");
        var order = new EstablishOrder(peer.Sae.Value, parsed.GetValue(_sizes.Size), parsed.GetValue(_sizes.Number));
        KeyOutput.Write(_context, parsed, await AskAsync(http, url, order, encryptor.Value, stop));
        return ExitCode.Success;
    }

    private static async Task<Establishment> AskAsync(HttpClient http, Uri url, EstablishOrder order, string encryptor, CancellationToken stop)
    {
        try
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(order, KeysJson.Default.EstablishOrder));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await http.PostAsync(url, content, stop);
            if (!answer.IsSuccessStatusCode)
            {
                throw new CommandFailure(ExitCode.Failed, $"{encryptor} has established nothing: {await HttpProblem.ReadAsync(answer, stop)}");
            }

            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            return await JsonSerializer.DeserializeAsync(body, KeysJson.Default.Establishment, stop) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandFailure(ExitCode.Failed, $"What answers at {url.GetLeftPart(UriPartial.Authority)} is no encryptor.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new CommandFailure(
                ExitCode.Unreachable,
                $"{encryptor} cannot be reached at {url.GetLeftPart(UriPartial.Authority)}: it does not run, one end speaks TLS and the other does not, or one end does not trust the other's certificate.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.TimedOut, $"{encryptor} has not answered in time.");
        }
    }
}
