using System.CommandLine;

namespace Dske.Benchmarks.Load;

/// <summary><c>load</c>: has a running network make keys, and says what that takes.</summary>
internal static class LoadCommand
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The arguments or the topology are no good.</summary>
    public const int BadArguments = 1;

    /// <summary>A key was not the same at both ends.</summary>
    public const int UnequalKeys = 2;

    /// <summary>No pair was made, or, where asked to look, there were errors.</summary>
    public const int Errors = 3;

    /// <summary>Makes the command.</summary>
    /// <param name="time">The clock of the run.</param>
    public static Command Create(TimeProvider time)
    {
        var arguments = new LoadArguments();
        var command = new Command(
            "load", "Has a running network make keys and compares both ends. One line of JSON goes to the standard output, a table to the standard error.");
        foreach (var option in arguments.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, stop) => RunAsync(new LoadSettings(arguments, parsed), parsed.InvocationConfiguration, time, stop));
        return command;
    }

    /// <summary>The exit code that a report deserves.</summary>
    /// <param name="report">The report.</param>
    /// <param name="failOnError">Whether any error counts.</param>
    public static int ExitCodeOf(LoadReport report, bool failOnError) => report switch
    {
        { Unequal: > 0 } => UnequalKeys,
        { Pairs: 0 } => Errors,
        { ErrorCount: > 0 } when failOnError => Errors,
        _ => Success,
    };

    private static async Task<int> RunAsync(LoadSettings settings, InvocationConfiguration console, TimeProvider time, CancellationToken stop)
    {
        if (!settings.TryRead(out var plan, out var nodes, out var problems))
        {
            foreach (var problem in problems)
            {
                await console.Error.WriteLineAsync(problem);
            }

            return BadArguments;
        }

        var result = await new LoadRun(plan, nodes, time).RunAsync(stop);
        var report = LoadReport.Of(plan, result, nodes.Absence);
        LoadTable.Write(report, console.Error);
        await console.Output.WriteLineAsync(report.ToJson());
        return ExitCodeOf(report, settings.FailsOnError);
    }
}
