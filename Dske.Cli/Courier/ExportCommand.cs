using System.CommandLine;
using System.CommandLine.Completions;
using Dske.Cli.CommandLine;
using Dske.Cli.Terminals;
using Dske.Protocol.Courier;
using Dske.Protocol.Management;
using Dske.Protocol.Topology;

namespace Dske.Cli.Courier;

/// <summary><c>dske psrd export</c>: has a hub make a file for a courier.</summary>
internal sealed class ExportCommand
{
    private readonly CommandContext _context;
    private readonly NodeOptions _nodes = new();
    private readonly SecretOptions _secret = new();
    private readonly Option<long> _size = SizeOption.Create();
    private readonly Option<string> _hub = new("--hub") { Description = "The hub that makes the random data.", HelpName = "HUB", Required = true };
    private readonly Option<string[]> _client = new("--client")
    {
        Description = "The client that it is for; several, joined by commas or by repeating the option, get a bundle.",
        HelpName = "CLIENT[,CLIENT]",
        Required = true,
    };

    private readonly Option<string> _out = new("--out") { Description = "The file to write. It must not exist.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _anew = new("--anew")
    {
        Description = "Begin the link anew though the hub knows the client: when the client has lost its disk, or has other encryptors. What both have in common goes.",
    };

    private ExportCommand(CommandContext context)
    {
        _context = context;
        var names = new NameSuggestions(context);
        _hub.CompletionSources.Add(_ => names.Nodes("hub").Select(name => new CompletionItem(name)));
        _client.CompletionSources.Add(_ => names.Nodes("client").Select(name => new CompletionItem(name)));
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var export = new ExportCommand(context);
        var command = new ExampledCommand(
            "export",
            "Has a hub make random data for clients, in a sealed file.",
            "dske psrd export --hub hank --client carol --size 64MiB --out hank-carol.psrd",
            "dske psrd export --hub hank --client carol,conny --size 1GiB --out site.psrd --key-file site.key")
            .WithDetails(
                "The hub keeps its copies and waits for the client to show that it has the others. A file that breaks off leaves nothing; one that gets lost is given up "
                + "with dske psrd abandon. Without a file for the passphrase it is asked for.")
            .Does(export.RunAsync);
        foreach (var option in (Option[])[export._hub, export._client, export._size, export._out, export._anew])
        {
            command.Options.Add(option);
        }

        export._secret.AddTo(command);
        export._nodes.AddTo(command);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var clients = FindClients(parsed);
        var path = _context.FullPath(parsed.GetValue(_out)!);
        if (Path.Exists(path))
        {
            throw new CommandFailure(ExitCode.WrongState, $"{path} exists: name another file.");
        }

        var hub = (await _nodes.FindAsync(parsed, _context, "hub", [parsed.GetValue(_hub)!], stop))[0];
        using var secret = _secret.Read(parsed, _context, isNew: true);
        using var http = await _nodes.ConnectAsync(parsed, _context, stop);
        var requests = clients.ConvertAll(client => new CourierExportRequest
        {
            ClientName = client.Name.Value,
            EncryptorNames = [.. client.Encryptors.Select(encryptor => encryptor.SaeId.Value)],
            Size = parsed.GetValue(_size),
            BeginsAnew = parsed.GetValue(_anew),
        });
        var files = await _context.Terminal.ShowAsync(
            $"{hub.Name} makes random data for {string.Join(", ", clients.Select(client => client.Name))}",
            report => new ExportWork(http, hub, CourierSecretHeader.Format(secret), report).RunAsync(requests, path, stop));
        Write(parsed, files);
        return ExitCode.Success;
    }

    private List<ClientDefinition> FindClients(ParseResult parsed)
    {
        var known = _nodes.Network.Find(parsed, _context).LoadTopology().Clients;
        var names = parsed.GetValue(_client)!.SelectMany(list => list.Split(',')).ToList();
        if (names.Count != names.Distinct(StringComparer.Ordinal).Count())
        {
            throw new CommandFailure(ExitCode.BadInput, "--client names a client twice.");
        }

        return names.ConvertAll(name => known.FirstOrDefault(client => client.Name.Value == name)
            ?? throw new CommandFailure(ExitCode.BadInput, $"There is no client '{name}'. There are: {string.Join(", ", known.Select(client => client.Name))}."));
    }

    private void Write(ParseResult parsed, ExportedFile[] files)
    {
        if (parsed.WantsJson())
        {
            _context.Terminal.WriteJson(files, CourierJson.Default.ExportedFileArray);
            return;
        }

        var table = Tables.Create("FILE", "HUB", "CLIENT", "FOR EACH OWNER");
        foreach (var file in files)
        {
            table.AddCells(file.File.ToString("D"), file.Hub, file.Client, Tables.Bytes(file.Size));
        }

        _context.Terminal.Write(table);
        _context.Terminal.WriteLine();
        _context.Terminal.WriteLine($"{files[0].Path} is for the courier. Guard it, and carry the passphrase or key another way.");
    }
}
