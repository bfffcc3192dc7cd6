using System.CommandLine;
using System.CommandLine.Completions;
using Dske.Cli.CommandLine;
using Dske.Cli.Terminals;
using Dske.Protocol.Courier;

namespace Dske.Cli.Courier;

/// <summary><c>dske psrd import</c>: has clients read a file that a courier brought.</summary>
internal sealed class ImportCommand
{
    private readonly CommandContext _context;
    private readonly NodeOptions _nodes = new();
    private readonly SecretOptions _secret = new();
    private readonly Argument<string> _file = new("FILE") { Description = "The file that a courier brought.", HelpName = "FILE" };
    private readonly Option<string[]> _client = new("--client")
    {
        Description = "Of a bundle, the client to import for; may be repeated. Default: all clients of the file.",
        HelpName = "CLIENT",
    };

    private readonly Option<bool> _shred = new("--shred") { Description = "Overwrite the file and delete it, once all of it was imported." };

    private ImportCommand(CommandContext context)
    {
        _context = context;
        var names = new NameSuggestions(context);
        _client.CompletionSources.Add(_ => names.Nodes("client").Select(name => new CompletionItem(name)));
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var import = new ImportCommand(context);
        var command = new ExampledCommand(
            "import",
            "Has clients read a file that a courier brought.",
            "dske psrd import hank-carol.psrd",
            "dske psrd import site.psrd --client carol --key-file site.key",
            "dske psrd import hank-carol.psrd --passphrase-file pass.txt --shred")
            .WithDetails(
                "A client checks all of a file before anything counts. It counts once; a refusal changes nothing, and a file that was imported already is done. On flash memory and on file systems that copy, "
                + "overwriting does not reach every copy: destroy the medium there.")
            .Does(import.RunAsync);
        command.Arguments.Add(import._file);
        command.Options.Add(import._client);
        command.Options.Add(import._shred);
        import._secret.AddTo(command);
        import._nodes.AddTo(command);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var path = _context.FullPath(parsed.GetValue(_file)!);
        var reports = new List<ImportedFile>();
        await using (var file = Open(path, parsed.GetValue(_shred)))
        {
            var all = List(file, path);
            var entries = Choose(parsed, all, path);
            if (parsed.GetValue(_shred) && entries.Count < all.Count)
            {
                throw new CommandFailure(ExitCode.BadInput, "--shred erases the whole bundle: import it for all of its clients first.");
            }

            var clients = await _nodes.FindAsync(parsed, _context, "client", [.. entries.Select(entry => entry.Header.Client.Value).Distinct()], stop);
            using var secret = _secret.Read(parsed, _context, isNew: false);
            using var http = await _nodes.ConnectAsync(parsed, _context, stop);
            var work = new ImportWork(http, CourierSecretHeader.Format(secret));
            foreach (var entry in entries)
            {
                reports.Add(await ImportAsync(work, clients.First(client => client.Name == entry.Header.Client.Value), file, entry, reports, stop));
            }
        }

        if (parsed.GetValue(_shred))
        {
            Shredding.Shred(path);
        }

        Write(parsed, reports);
        return ExitCode.Success;
    }

    private async Task<ImportedFile> ImportAsync(
        ImportWork work, Node client, FileStream file, CourierEntry entry, List<ImportedFile> before, CancellationToken stop)
    {
        try
        {
            return await _context.Terminal.ShowAsync($"{client.Name} reads what {entry.Header.Hub} sent", report => work.RunAsync(client, file, entry, report, stop));
        }
        catch (CommandFailure failure) when (before.Count > 0)
        {
            throw new CommandFailure(failure.Code, $"{failure.Message} Imported before that: {string.Join(", ", before.Select(report => report.ClientName))}.");
        }
    }

    private static FileStream Open(string path, bool willShred)
    {
        try
        {
            // That it can be erased is made sure of before anything is imported.
            return new FileStream(path, FileMode.Open, willShred ? FileAccess.ReadWrite : FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.BadInput, $"{path} cannot be read{(willShred ? " and erased" : "")}: {e.Message}");
        }
    }

    private static IReadOnlyList<CourierEntry> List(FileStream file, string path) => CourierBundle.TryList(file, out var entries) switch
    {
        null => entries,
        CourierFault.Truncated => throw new CommandFailure(ExitCode.BadInput, $"{path} ends too early: it was not carried whole."),
        CourierFault.UnknownVersion => throw new CommandFailure(ExitCode.BadInput, $"{path} is of a newer version than this command."),
        CourierFault.Damaged => throw new CommandFailure(ExitCode.BadInput, $"{path} is damaged: its parts do not have the lengths that it says."),
        _ => throw new CommandFailure(ExitCode.BadInput, $"{path} is no couriered file."),
    };

    private List<CourierEntry> Choose(ParseResult parsed, IReadOnlyList<CourierEntry> entries, string path)
    {
        if (parsed.GetValue(_client) is not { Length: > 0 } names)
        {
            return [.. entries];
        }

        return names.FirstOrDefault(name => entries.All(entry => entry.Header.Client.Value != name)) is { } missing
            ? throw new CommandFailure(
                ExitCode.BadInput, $"{path} has nothing for client '{missing}'. It is for: {string.Join(", ", entries.Select(entry => entry.Header.Client).Distinct())}.")
            : [.. entries.Where(entry => names.Contains(entry.Header.Client.Value))];
    }

    private void Write(ParseResult parsed, List<ImportedFile> reports)
    {
        if (parsed.WantsJson())
        {
            _context.Terminal.WriteJson([.. reports], CourierJson.Default.ImportedFileArray);
            return;
        }

        var table = Tables.Create("FILE", "HUB", "CLIENT", "FOR CLIENT", "FOR HUB", "WHAT");
        foreach (var report in reports)
        {
            table.AddCells(
                report.File.ToString("D"),
                report.HubName,
                report.ClientName,
                report.ClientOwnedBytes is { } forClient ? Tables.Bytes(forClient) : "-",
                report.HubOwnedBytes is { } forHub ? Tables.Bytes(forHub) : "-",
                report.WasImported ? "was imported already" : report.Enrols == true ? "begins the link" : "refills the link");
        }

        _context.Terminal.Write(table);
    }
}
