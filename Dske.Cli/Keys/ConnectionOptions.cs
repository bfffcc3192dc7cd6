using System.CommandLine;
using Dske.Certificates;
using Dske.Cli.Network;

namespace Dske.Cli.Keys;

/// <summary><c>--cert</c>, <c>--key</c> and <c>--ca</c>: how to connect over TLS. Where a network that runs here has TLS, its own files are the default.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _certificate;
    private readonly Option<string?> _key;

    /// <summary>Makes the options.</summary>
    /// <param name="prefix">What stands before their names, for a second caller; empty for the first.</param>
    /// <param name="whose">Whose certificate it is.</param>
    /// <param name="authorities">The option of the authorities, where another caller has it already.</param>
    public ConnectionOptions(string prefix, string whose, Option<string?>? authorities = null)
    {
        _certificate = new Option<string?>($"--{prefix}cert") { Description = $"The certificate of {whose} (PEM), for TLS.", HelpName = "FILE", Recursive = true };
        _key = new Option<string?>($"--{prefix}key") { Description = "Its private key (PEM).", HelpName = "FILE", Recursive = true };
        Authorities = authorities ?? new Option<string?>("--ca") { Description = "The authorities of the servers (PEM).", HelpName = "FILE", Recursive = true };
    }

    /// <summary><c>--ca</c>.</summary>
    public Option<string?> Authorities { get; }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(_certificate);
        command.Options.Add(_key);
        if (!command.Options.Contains(Authorities))
        {
            command.Options.Add(Authorities);
        }
    }

    /// <summary>Finds out how to connect.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="context">What the command works with.</param>
    /// <param name="network">The network that runs here, and what is known of it.</param>
    /// <param name="choose">Chooses the caller's certificate among those that the network made; null where it has none.</param>
    /// <returns>The files; null for plain connections.</returns>
    /// <exception cref="CommandFailure">Some of the options are missing, or a file is.</exception>
    public CertificatePaths? Find(
        ParseResult parsed, CommandContext context, NetworkScheme network, Func<CertificateDirectory, (string Certificate, string Key)?> choose)
    {
        var (certificate, key, authorities) = (parsed.GetValue(_certificate), parsed.GetValue(_key), parsed.GetValue(Authorities));
        if (certificate is null && key is null && authorities is null)
        {
            return network.HasTls ? OfNetwork(network, choose) : null;
        }

        return certificate is null || key is null || authorities is null
            ? throw Incomplete()
            : new CertificatePaths(context.FullPath(certificate), context.FullPath(key), context.FullPath(authorities));
    }

    private static CertificatePaths OfNetwork(NetworkScheme network, Func<CertificateDirectory, (string Certificate, string Key)?> choose)
    {
        var directory = new CertificateDirectory(network.CertificateDirectory);
        return choose(directory) is { } files && File.Exists(files.Certificate)
            ? new CertificatePaths(files.Certificate, files.Key, directory.Authority.Certificate)
            : throw new CommandFailure(ExitCode.BadInput, "The network has TLS, and no certificate for this caller: name one with --cert, --key and --ca.");
    }

    private CommandFailure Incomplete() =>
        new(ExitCode.BadInput, $"TLS takes {_certificate.Name}, {_key.Name} and {Authorities.Name}: of the three some are missing.");
}
