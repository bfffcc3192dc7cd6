using System.CommandLine;
using System.Security.Cryptography;
using Dske.Protocol.Courier;
using Dske.Protocol.Secrets;

namespace Dske.Cli.Courier;

/// <summary><c>--passphrase-file</c> and <c>--key-file</c>: what a file is sealed with. Without either, a passphrase is asked for.</summary>
internal sealed class SecretOptions
{
    private readonly Option<string?> _passphrase = new("--passphrase-file")
    {
        Description = $"A file with the passphrase as its only line, {CourierSecret.MinPassphrase} bytes or more, readable for its owner alone.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--key-file")
    {
        Description = $"A file of {CourierSecret.MinKey} to {CourierSecret.MaxLength} random bytes, readable for its owner alone, in the place of a passphrase.",
        HelpName = "FILE",
    };

    /// <summary>Adds both to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(_passphrase);
        command.Options.Add(_key);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_passphrase) is not null && result.GetResult(_key) is not null)
            {
                result.AddError("--passphrase-file and --key-file exclude each other.");
            }
        });
    }

    /// <summary>Reads the secret, or asks for it.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="context">What the command works with.</param>
    /// <param name="isNew">Whether it is a new one, which is asked for twice.</param>
    /// <returns>The secret, which the caller disposes.</returns>
    /// <exception cref="CommandFailure">There is none, or it is no good.</exception>
    public CourierSecret Read(ParseResult parsed, CommandContext context, bool isNew)
    {
        if (parsed.GetValue(_key) is { } key)
        {
            return ReadFile(context.FullPath(key), CourierSecretKind.KeyFile);
        }

        return parsed.GetValue(_passphrase) is { } passphrase ? ReadFile(context.FullPath(passphrase), CourierSecretKind.Passphrase) : Ask(context, isNew);
    }

    private static CourierSecret ReadFile(string path, CourierSecretKind kind)
    {
        if (!OwnerOnlyFile.TryRead(path, CourierSecret.MaxLength, out var content, out var problem, isText: kind == CourierSecretKind.Passphrase))
        {
            throw new CommandFailure(ExitCode.BadInput, problem);
        }

        using (content)
        {
            return CourierSecret.TryCreate(kind, content.Span, out var secret)
                ? secret
                : throw new CommandFailure(ExitCode.BadInput, kind == CourierSecretKind.Passphrase
                    ? $"The passphrase in {path} has {content.Length} bytes; {CourierSecret.MinPassphrase} are the least."
                    : $"{path} has {content.Length} bytes; a key file has {CourierSecret.MinKey} random ones or more: head -c 32 /dev/urandom makes some.");
        }
    }

    private static CourierSecret Ask(CommandContext context, bool isNew)
    {
        using var typed = context.AskSecret("Passphrase")
            ?? throw new CommandFailure(ExitCode.BadInput, "Name what seals the file with --passphrase-file or --key-file: there is no terminal to ask on.");
        using var again = isNew ? context.AskSecret("Once more") : null;
        if (again is not null && !CryptographicOperations.FixedTimeEquals(typed.Span, again.Span))
        {
            throw new CommandFailure(ExitCode.BadInput, "The two are not the same.");
        }

        return CourierSecret.TryCreate(CourierSecretKind.Passphrase, typed.Span, out var secret)
            ? secret
            : throw new CommandFailure(ExitCode.BadInput, $"A passphrase has {CourierSecret.MinPassphrase} to {CourierSecret.MaxLength} bytes.");
    }
}
