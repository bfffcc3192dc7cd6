using System.CommandLine;
using Dske.Certificates;
using Dske.Cli.CommandLine;

namespace Dske.Cli.Certificates;

/// <summary><c>dske certs init</c>: makes an authority.</summary>
internal static class InitCommand
{
    private const int MaxNameLength = 64;

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="directory">Where the authority is.</param>
    public static Command Create(CommandContext context, Option<string> directory)
    {
        var name = new Option<string>("--name") { Description = "What the authority is called.", HelpName = "NAME", DefaultValueFactory = _ => "Dske laboratory CA" };
        name.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<string>() is not { Length: > 0 and <= MaxNameLength })
            {
                result.AddError($"--name has 1 to {MaxNameLength} characters.");
            }
        });
        var command = new ExampledCommand(
            "init",
            "Makes an authority and an operator's certificate.",
            "dske certs init --dir lab-ca --name \"Lab 7\"").WithDetails("The authority is valid for ten years. One that is there is left alone.").Does((parsed, _) =>
        {
            var files = new CertificateDirectory(context.FullPath(parsed.GetValue(directory)!));
            if (File.Exists(files.Authority.Certificate) || File.Exists(files.Authority.Key))
            {
                throw new CommandFailure(
                    ExitCode.WrongState,
                    $"There is an authority in {files.Path} already: delete {files.Authority.Certificate} and its key for a new one, or name another directory with --dir.");
            }

            if (Directory.Exists(files.Path) && Directory.EnumerateFileSystemEntries(files.Path).Any())
            {
                throw new CommandFailure(ExitCode.WrongState, $"{files.Path} holds other files, and an authority's directory is closed to all but its owner: name an empty or a new one with --dir.");
            }

            files.Create();
            using var authority = files.CreateAuthority(parsed.GetValue(name)!, context.Time);
            using var issued = authority.IssueOperator("operator");
            issued.Write(files.Operator.Certificate, files.Operator.Key);
            CertificateResult.Write(context, parsed, CertificateResult.Of(authority.Certificate, files.Authority));
            return Task.FromResult(ExitCode.Success);
        });
        command.Options.Add(name);
        return command;
    }
}
