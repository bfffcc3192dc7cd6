using System.Text;
using Dske.Cli;
using Dske.Cli.CommandLine;
using Dske.Cli.Terminals;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Cli;

/// <summary>Runs commands in this process, in a directory of their own, and keeps what they write.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public CommandRun(string? topology = null)
    {
        if (topology is not null)
        {
            Write("topology.yaml", topology);
        }
    }

    public string Folder => _directory.FullName;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool IsTerminal { get; init; }

    /// <summary>What somebody types when asked for a secret; null where nobody can be asked.</summary>
    public Queue<string> Typed { get; } = [];

    public Dictionary<string, string> Variables { get; } = [];

    public string Output { get; private set; } = string.Empty;

    public string Errors { get; private set; } = string.Empty;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public Task<ExitCode> RunAsync(params string[] arguments) => RunUntilAsync(TestContext.Current.CancellationToken, arguments);

    public async Task<ExitCode> RunUntilAsync(CancellationToken stop, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        var context = new CommandContext
        {
            Terminal = new Terminal(output, errors, IsTerminal, IsTerminal, hasColour: false),
            Time = Time,
            Entropy = SystemEntropySource.Instance,
            Directory = Folder,
            Variable = name => Variables.GetValueOrDefault(name),
            AskSecret = _ => Typed.TryDequeue(out var line) ? SecretBytes.CopyOf(Encoding.UTF8.GetBytes(line)) : null,
        };
        var code = await DskeCommand.RunAsync(arguments, context, stop);
        Output = Encoding.UTF8.GetString(output.ToArray());
        Errors = Encoding.UTF8.GetString(errors.ToArray());
        return code;
    }

    /// <summary>Runs a command that fails with one line on the standard error and nothing on the standard output.</summary>
    public async Task<string> FailAsync(ExitCode expected, params string[] arguments)
    {
        var code = await RunAsync(arguments);
        Assert.True(code == expected, $"{code} instead of {expected}: {Output}{Errors}");
        Assert.Empty(Output);
        var line = Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("dske: ", line, StringComparison.Ordinal);
        return line["dske: ".Length..];
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
