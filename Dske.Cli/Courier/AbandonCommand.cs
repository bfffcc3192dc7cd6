using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using Dske.Cli.CommandLine;
using Dske.Protocol.Management;

namespace Dske.Cli.Courier;

/// <summary><c>dske psrd abandon</c>: gives up a file that got lost.</summary>
internal sealed class AbandonCommand
{
    private readonly CommandContext _context;
    private readonly NodeOptions _nodes = new();
    private readonly Argument<Guid> _file = new("UUID")
    {
        Description = "The file, as dske psrd list shows it.",
        HelpName = "UUID",
        CustomParser = result =>
        {
            if (!Guid.TryParseExact(result.Tokens[0].Value, "D", out var file))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no UUID: dske psrd list shows them.");
            }

            return file;
        },
    };

    private readonly Option<string> _hub = new("--hub") { Description = "The hub that made it.", HelpName = "HUB", Required = true };

    private AbandonCommand(CommandContext context)
    {
        _context = context;
        var names = new NameSuggestions(context);
        _hub.CompletionSources.Add(_ => names.Nodes("hub").Select(name => new CompletionItem(name)));
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var abandon = new AbandonCommand(context);
        var command = new ExampledCommand(
            "abandon",
            "Gives up a file that got lost: the hub erases its copies.",
            "dske psrd abandon 6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f --hub hank")
            .WithDetails("To whoever has the file it is of no use afterwards. What a client has imported and shown to have is in use and cannot be given up.")
            .Does(abandon.RunAsync);
        command.Arguments.Add(abandon._file);
        command.Options.Add(abandon._hub);
        abandon._nodes.AddTo(command);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var hub = (await _nodes.FindAsync(parsed, _context, "hub", [parsed.GetValue(_hub)!], stop))[0];
        var file = parsed.GetValue(_file);
        using var http = await _nodes.ConnectAsync(parsed, _context, stop);
        using var request = new HttpRequestMessage(HttpMethod.Delete, hub.At($"exports/{file:D}"));
        using var answer = await http.SendToAsync(hub, request, stop);
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        var abandoned = await JsonSerializer.DeserializeAsync(body, ManagementJsonContext.Default.CourierExportReport, stop);
        if (parsed.WantsJson())
        {
            _context.Terminal.WriteJson(abandoned!, CourierJson.Default.CourierExportReport);
        }
        else
        {
            _context.Terminal.WriteLine($"{hub.Name} has erased what it held for {file:D}.");
        }

        return ExitCode.Success;
    }
}
