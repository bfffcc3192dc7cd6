using System.Globalization;

namespace Dske.Tests.Fuzzing;

/// <summary>
/// Many rounds of one target, each with a seed of its own and the same in every run. How many more and where to begin is set from outside
/// (docs/fuzzing.md).
/// </summary>
internal static class Campaign
{
    /// <summary>How many times as many rounds as usual.</summary>
    public const string TimesVariable = "DSKE_FUZZ_TIMES";

    /// <summary>The first seed; a long campaign that begins elsewhere sees other inputs.</summary>
    public const string FromVariable = "DSKE_FUZZ_FROM";

    /// <summary>The one seed to run.</summary>
    public const string ReplayVariable = "DSKE_FUZZ_REPLAY";

    /// <summary>The seeds to run.</summary>
    /// <param name="usual">How many rounds the target gets in every run of the tests.</param>
    public static IEnumerable<int> Seeds(int usual)
    {
        if (Read(ReplayVariable) is { } replay)
        {
            return [replay];
        }

        var rounds = checked(usual * (Read(TimesVariable) ?? 1));
        return Enumerable.Range(Read(FromVariable) ?? 1, rounds);
    }

    /// <summary>Runs a target that answers at once.</summary>
    /// <param name="target">The target's name, for the message of a failure.</param>
    /// <param name="usual">How many rounds it gets in every run of the tests.</param>
    /// <param name="run">A round; it throws when a contract is broken.</param>
    public static void Run(string target, int usual, Action<FuzzRound> run)
    {
        foreach (var seed in Seeds(usual))
        {
            var round = new FuzzRound(seed);
            try
            {
                run(round);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw Describe(target, round, failure);
            }
        }
    }

    /// <summary>Runs a target that takes its time.</summary>
    /// <inheritdoc cref="Run" />
    public static async Task RunAsync(string target, int usual, Func<FuzzRound, Task> run)
    {
        foreach (var seed in Seeds(usual))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var round = new FuzzRound(seed);
            try
            {
                await run(round);
            }
            catch (Exception failure) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw Describe(target, round, failure);
            }
        }
    }

    /// <summary>Everything that it takes to run a failed round again.</summary>
    private static Xunit.Sdk.FailException Describe(string target, FuzzRound round, Exception failure) => Xunit.Sdk.FailException.ForFailure(
        $"{target} broke its contract with seed {round.Seed} (again: {ReplayVariable}={round.Seed}).\n{round}\n{failure}");

    private static int? Read(string variable)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
