using System.CommandLine;

namespace Dske.Benchmarks.Guard;

/// <summary><c>guard</c>: fails when something has become clearly slower, whatever the machine.</summary>
internal static class GuardCommand
{
    /// <summary>How often each ratio is measured.</summary>
    public const int Rounds = 5;

    private const int Success = 0;
    private const int Regression = 1;

    // One at a time, so that none pays for what another leaves behind.
    private static readonly Func<Task<IGuardedRatio>>[] Ratios =
    [
        async () => await ShareExchangeRatio.StartAsync(),
        static () => Task.FromResult<IGuardedRatio>(new SharingRatio()),
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("guard", "Compares costs measured in the same run, and ends with exit code 1 when one has clearly grown. Takes less than a minute.");
        command.SetAction(async (parsed, _) => await RunAsync(parsed.InvocationConfiguration.Output));
        return command;
    }

    /// <summary>Measures one ratio.</summary>
    /// <param name="ratio">The ratio; it stays the caller's.</param>
    public static async Task<RatioOutcome> MeasureAsync(IGuardedRatio ratio)
    {
        await ratio.WarmUpAsync();
        var rounds = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            rounds[i] = await ratio.MeasureRoundAsync();
        }

        return new RatioOutcome(ratio.Name, rounds, ratio.Limit);
    }

    private static async Task<int> RunAsync(TextWriter output)
    {
        var result = Success;
        foreach (var start in Ratios)
        {
            await using var ratio = await start();
            var outcome = await MeasureAsync(ratio);
            await output.WriteLineAsync(outcome.ToString());
            result = outcome.IsRegression ? Regression : result;
        }

        return result;
    }
}
