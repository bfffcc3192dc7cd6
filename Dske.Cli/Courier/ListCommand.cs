using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text.Json;
using Dske.Cli.CommandLine;
using Dske.Cli.Terminals;
using Dske.Protocol.Management;

namespace Dske.Cli.Courier;

/// <summary><c>dske psrd list</c>: the files that hubs wait for.</summary>
internal sealed class ListCommand
{
    private readonly CommandContext _context;
    private readonly NodeOptions _nodes = new();
    private readonly Option<string[]> _hub = new("--hub") { Description = "A hub; may be repeated. Default: all that run here.", HelpName = "HUB" };

    private ListCommand(CommandContext context)
    {
        _context = context;
        var names = new NameSuggestions(context);
        _hub.CompletionSources.Add(_ => names.Nodes("hub").Select(name => new CompletionItem(name)));
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var list = new ListCommand(context);
        var command = new ExampledCommand("list", "Lists the files that hubs made and that no client has shown to have.", "dske psrd list", "dske psrd list --hub hank --json")
            .Does(list.RunAsync);
        command.Options.Add(list._hub);
        list._nodes.AddTo(command);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var named = parsed.GetValue(_hub) is { Length: > 0 } names ? names.Distinct().ToArray() : null;
        var hubs = await _nodes.FindAsync(parsed, _context, "hub", named, stop);
        using var http = await _nodes.ConnectAsync(parsed, _context, stop);
        var files = (await Task.WhenAll(hubs.Select(hub => ReadAsync(http, hub, stop)))).SelectMany(list => list).ToArray();
        if (parsed.WantsJson())
        {
            _context.Terminal.WriteJson(files, CourierJson.Default.CourierExportReportArray);
            return ExitCode.Success;
        }

        var table = Tables.Create("FILE", "HUB", "CLIENT", "FOR EACH OWNER", "MADE", "WHAT");
        foreach (var file in files)
        {
            table.AddCells(
                file.File.ToString("D"),
                file.HubName,
                file.ClientName,
                Tables.Bytes(file.Size),
                file.MadeAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                file.Enrols ? "begins the link" : "refills the link");
        }

        _context.Terminal.Write(table);
        return ExitCode.Success;
    }

    private static async Task<IReadOnlyList<CourierExportReport>> ReadAsync(HttpClient http, Node hub, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, hub.At("exports"));
        using var answer = await http.SendToAsync(hub, request, stop);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            return (await JsonSerializer.DeserializeAsync(body, ManagementJsonContext.Default.CourierExportsReport, stop) ?? throw new JsonException()).Exports;
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            throw new CommandFailure(ExitCode.Failed, $"What answers at {hub.Url} is no hub that makes files.");
        }
    }
}
