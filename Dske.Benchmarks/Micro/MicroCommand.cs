using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;

namespace Dske.Benchmarks.Micro;

/// <summary><c>micro</c>: parts of the code by themselves, with BenchmarkDotNet, which takes all arguments.</summary>
internal static class MicroCommand
{
    private const string InProcess = "--inProcess";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("micro", "Runs micro benchmarks; what follows is BenchmarkDotNet's: --filter '*', --list flat, --job short, …")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(parsed => Run([.. parsed.UnmatchedTokens]));
        return command;
    }

    private static int Run(string[] arguments)
    {
        var config = DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default).WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));

        // In this process: a project that is generated and built for each run would come under the rules of this repository, and takes minutes.
        string[] all = arguments.Contains(InProcess) ? arguments : [InProcess, .. arguments];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(all, config).ToList();
        return summaries.Exists(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
