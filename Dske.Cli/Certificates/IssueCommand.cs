using System.CommandLine;
using Dske.Certificates;
using Dske.Cli.CommandLine;
using Dske.Protocol.Identifiers;

namespace Dske.Cli.Certificates;

/// <summary><c>dske certs issue node|sae</c>: issues a certificate.</summary>
internal sealed class IssueCommand
{
    private readonly CommandContext _context;
    private readonly Option<string> _directory;
    private readonly Argument<string> _node = new("NAME") { Description = "The node's name, a DNS label." };
    private readonly Argument<string> _sae = new("NAME") { Description = "The SAE ID." };
    private readonly Option<string[]> _host = new("--host")
    {
        Description = "A further DNS name under which the node is reached; may be repeated.",
        HelpName = "HOST",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "The file of the certificate, NAME.pem; the key is beside it, NAME.key. Default: below the directory of the authority.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace a certificate that is there." };

    private IssueCommand(CommandContext context, Option<string> directory) => (_context, _directory) = (context, directory);

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="directory">Where the authority is.</param>
    public static Command Create(CommandContext context, Option<string> directory)
    {
        var issue = new IssueCommand(context, directory);
        var node = new ExampledCommand(
            "node",
            "Issues a certificate that a node serves and calls with.",
            "dske certs issue node carol --host carol.example")
            .WithDetails("It is for the node's name, localhost, and the hosts that are named.")
            .Does((parsed, _) => issue.IssueNode(parsed));
        node.Arguments.Add(issue._node);
        node.Options.Add(issue._host);
        var sae = new ExampledCommand(
            "sae",
            "Issues a certificate with which an SAE calls its KME.",
            "dske certs issue sae sam",
            "dske certs issue sae \"Büro 1\" --out buero.pem").Does((parsed, _) => issue.IssueSae(parsed));
        sae.Arguments.Add(issue._sae);
        foreach (var command in new[] { node, sae })
        {
            command.Options.Add(issue._out);
            command.Options.Add(issue._force);
        }

        return new ExampledCommand("issue", "Issues a certificate, valid for a year.") { node, sae };
    }

    private Task<ExitCode> IssueNode(ParseResult parsed)
    {
        var text = parsed.GetValue(_node);
        if (!NodeName.TryParse(text, out var name))
        {
            throw new CommandFailure(ExitCode.BadInput, $"'{text}' is no name for a node: 1 to {NodeName.MaxLength} of a-z, 0-9 and '-', neither first nor last a '-'.");
        }

        var hosts = parsed.GetValue(_host) ?? [];
        if (hosts.FirstOrDefault(host => Uri.CheckHostName(host) != UriHostNameType.Dns) is { } bad)
        {
            throw new CommandFailure(ExitCode.BadInput, $"'{bad}' is no DNS name.");
        }

        return Issue(parsed, directory => directory.OfNode(name.Value), authority => authority.IssueNode(name.Value, hosts));
    }

    private Task<ExitCode> IssueSae(ParseResult parsed)
    {
        var text = parsed.GetValue(_sae);
        return SaeId.TryParse(text, out var sae)
            ? Issue(parsed, directory => directory.OfSae(Uri.EscapeDataString(sae.Value)), authority => authority.IssueSae(sae.Value))
            : throw new CommandFailure(ExitCode.BadInput, $"An SAE ID has 1 to {SaeId.MaxLength} printable characters.");
    }

    private Task<ExitCode> Issue(
        ParseResult parsed, Func<CertificateDirectory, (string Certificate, string Key)> find, Func<CertificateAuthority, IssuedCertificate> issue)
    {
        var directory = new CertificateDirectory(_context.FullPath(parsed.GetValue(_directory)!));
        var files = parsed.GetValue(_out) is { } named ? OutFiles(named) : find(directory);
        using var authority = CertsCommand.LoadAuthority(_context, directory);
        if (!parsed.GetValue(_force) && new[] { files.Certificate, files.Key }.FirstOrDefault(File.Exists) is { } existing)
        {
            throw new CommandFailure(ExitCode.WrongState, $"{existing} exists: --force replaces it.");
        }

        if (parsed.GetValue(_out) is null)
        {
            directory.Create();
        }

        using var issued = issue(authority);
        issued.Write(files.Certificate, files.Key);
        CertificateResult.Write(_context, parsed, CertificateResult.Of(issued.Certificate, files));
        return Task.FromResult(ExitCode.Success);
    }

    private (string Certificate, string Key) OutFiles(string named)
    {
        var certificate = _context.FullPath(named);
        if (Path.GetExtension(certificate) == ".key")
        {
            throw new CommandFailure(ExitCode.BadInput, "--out names the file of the certificate, not of the key: NAME.pem.");
        }

        return (certificate, Path.ChangeExtension(certificate, ".key"));
    }
}
