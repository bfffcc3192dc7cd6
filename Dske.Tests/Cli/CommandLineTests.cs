using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Dske.Cli;
using Dske.Cli.CommandLine;
using Dske.Cli.Terminals;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Cli;

[Trait("Tier", "Unit")]
public sealed class CommandLineTests : IDisposable
{
    private readonly CommandRun _run = new(Networks.Small);

    public static TheoryData<string> Commands => [.. All(Root(Path.GetTempPath()), "dske").Select(command => command.Path)];

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_has_help_that_ends_with_examples_which_can_be_typed(string path)
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync([.. path.Split(' ').Skip(1), "--help"]));
        var examples = _run.Output.Split("Examples:").Last().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            // Without what a shell makes of it.
            var typed = example.Split('|', '>')[0].Replace("source <(", "", StringComparison.Ordinal).TrimEnd(')', ' ');
            Assert.StartsWith(path.Split(' ')[0], typed, StringComparison.Ordinal);
            Assert.Empty(Root(_run.Folder).Parse(CommandLineParser.SplitCommandLine(typed).Skip(1).ToList()).Errors);
        });
        Assert.Empty(_run.Errors);
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'strat'. (dske --help says more.)", "strat")]
    [InlineData("There is no option '--frsh'. (dske topology check --help says more.)", "topology", "check", "--frsh")]
    [InlineData("(dske establish --help says more.)", "establish", "sam")]
    [InlineData("'32B' is no size of a key: a whole number of bits without a unit, such as 256.", "establish", "sam", "sofia", "--size", "32B")]
    [InlineData("'1e3' is no size of a key", "etsi-qkd", "sam", "sofia", "get-key", "--size", "1e3")]
    [InlineData("'-256' is no size of a key", "etsi-qkd", "sam", "sofia", "get-key", "--size=-256")]
    [InlineData("--size is a multiple of 8 from 32 to 16777216 bits, not 33.", "etsi-qkd", "sam", "sofia", "get-key-pair", "--size", "33")]
    [InlineData("--size is a multiple of 8 from 32 to 16777216 bits, not 24.", "etsi-qkd", "sam", "sofia", "get-key", "--size", "24")]
    [InlineData("--number is from 1 to 128, not '0'.", "establish", "sam", "sofia", "--number", "0")]
    [InlineData("--number is from 1 to 128, not '129'.", "establish", "sam", "sofia", "--number", "129")]
    [InlineData("'x' is no ID of a key", "etsi-qkd", "sam", "sofia", "get-key-with-key-ids", "x")]
    [InlineData("--timeout is a number of seconds", "start", "--timeout", "0")]
    [InlineData("--timeout is a number of seconds without a unit, more than 0 and at most 3600, not '5s'.", "stop", "--timeout", "5s")]
    [InlineData("--timeout is a number of seconds", "restart", "--timeout", "NaN")]
    [InlineData("--timeout is a number of seconds", "start", "--timeout", "")]
    [InlineData("--lines is a number of lines, at least 0, not '-1'.", "logs", "--lines", "-1")]
    [InlineData("--lines is a number of lines", "logs", "-n", "abc")]
    [InlineData("--oob is token, open or off, not '1'.", "start", "--oob", "1")]
    [InlineData("--tls is for a whole network, not for nodes of one that runs.", "start", "--tls", "--hub", "hank")]
    [InlineData("There is no script for 'tcsh': bash, zsh or fish.", "completion", "tcsh")]
    public async Task What_is_typed_wrong_is_said_in_a_line_and_nothing_is_done(string said, params string[] arguments)
    {
        Assert.Contains(said, await _run.FailAsync(ExitCode.BadInput, arguments), StringComparison.Ordinal);
        Assert.Equal(["topology.yaml"], Directory.GetFileSystemEntries(_run.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("get-key")]
    [InlineData("sam get-key")]
    public async Task A_verb_without_both_SAEs_is_refused(string typed)
    {
        var message = await _run.FailAsync(ExitCode.BadInput, ["etsi-qkd", .. typed.Split(' ')]);

        Assert.Equal("Name both SAEs before the verb: dske etsi-qkd MASTER SLAVE VERB.", message);
    }

    [Theory]
    [InlineData("dske st", "start", "stop", "status")]
    [InlineData("dske stop --hub ", "hank", "helen")]
    [InlineData("dske restart --encryptor ", "sam", "sofia")]
    [InlineData("dske etsi-qkd sam ", "Büro 1")]
    [InlineData("dske completion ", "bash", "zsh", "fish")]
    public async Task A_shell_that_asks_is_told_commands_and_names(string line, params string[] expected)
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync($"[suggest:{line.Length}]", line));

        Assert.Subset(_run.Output.Split('\n').ToHashSet(), expected.ToHashSet());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Scripts_for_shells_ask_the_command_itself(string shell)
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("completion", shell));

        Assert.Contains("[suggest:", _run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', _run.Output);
    }

    [Fact]
    public async Task Nothing_in_a_name_is_run_by_bash_that_completes_it()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        var marker = _run.PathOf("run");
        Assert.Equal(ExitCode.Success, await _run.RunAsync("completion", "bash"));
        var script = $$"""
            {{_run.Output}}
            dske() { printf '%s\n' 'Büro 1' '$(touch {{marker}})' 'other'; }
            COMP_WORDS=(dske establish '') COMP_CWORD=2 COMP_LINE='dske establish ' COMP_POINT=15
            _dske
            printf '%s|' "${#COMPREPLY[@]}"
            eval "printf '%s|' ${COMPREPLY[*]}"
            """;

        var start = new ProcessStartInfo("/bin/bash", ["--norc", "-c", script]) { RedirectStandardOutput = true };
        using var bash = Process.Start(start)!;
        var said = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"3|Büro 1|$(touch {marker})|other|", said);
        Assert.False(File.Exists(marker));
    }

    private static RootCommand Root(string directory) => DskeCommand.Create(new CommandContext
    {
        Terminal = new Terminal(Stream.Null, Stream.Null),
        Time = TimeProvider.System,
        Entropy = SystemEntropySource.Instance,
        Directory = directory,
        Variable = _ => null,
    });

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) => command.Subcommands.SelectMany(child =>
        child.Subcommands.Count == 0 ? [($"{path} {child.Name}", child)] : All(child, $"{path} {child.Name}"));
}
