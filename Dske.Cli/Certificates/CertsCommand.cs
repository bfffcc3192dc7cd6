using System.CommandLine;
using Dske.Certificates;
using Dske.Cli.CommandLine;

namespace Dske.Cli.Certificates;

/// <summary><c>dske certs</c>: a certificate authority for laboratories, the same one as that of <c>dske start --tls</c>.</summary>
internal static class CertsCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var directory = new Option<string>("--dir")
        {
            Description = "The directory of the authority; .dske/tls is that of a network that runs with --tls, which makes nodes and saes in it anew at each start.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "tls",
            Recursive = true,
        };
        var command = new ExampledCommand(
            "certs",
            "A small certificate authority for laboratories.",
            "dske certs init",
            "dske certs issue node carol --host carol.example",
            "dske certs issue sae sam",
            "dske certs revoke tls/saes/sam.pem")
        {
            InitCommand.Create(context, directory),
            IssueCommand.Create(context, directory),
            RevokeCommand.Create(context, directory),
        };
        command.WithDetails("Its key is a file that its owner alone can read. What guards more than a laboratory belongs to an authority whose key is guarded better.");
        command.Options.Add(directory);
        return command;
    }

    /// <summary>Loads the authority of a directory.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="directory">The directory.</param>
    /// <returns>The authority, which the caller disposes.</returns>
    /// <exception cref="CommandFailure">There is none, or it is no good.</exception>
    public static CertificateAuthority LoadAuthority(CommandContext context, CertificateDirectory directory)
    {
        if (!File.Exists(directory.Authority.Certificate))
        {
            throw new CommandFailure(ExitCode.WrongState, $"There is no authority in {directory.Path}: dske certs init makes one.");
        }

        return directory.TryLoadAuthority(context.Time, out var authority, out var problem)
            ? authority
            : throw new CommandFailure(ExitCode.BadInput, problem);
    }
}
