using System.Globalization;

namespace Dske.Tests.Model;

/// <summary>
/// More seeds and more steps than the suite has time for, or one seed again. Runs only when asked for:
/// <c>DSKE_MODEL_SEED=1000 DSKE_MODEL_SEEDS=500 DSKE_MODEL_STEPS=2000 dotnet Dske.Tests/bin/Debug/net10.0/Dske.Tests.dll -class
/// Dske.Tests.Model.ModelCampaign -explicit only</c>.
/// </summary>
[Trait("Tier", "Measurement")]
public sealed class ModelCampaign(ITestOutputHelper output)
{
    /// <summary>What to type to run a seed again.</summary>
    internal static string HowToReplay(int seed, int steps)
        => $"DSKE_MODEL_SEED={seed} DSKE_MODEL_STEPS={steps} dotnet Dske.Tests/bin/Debug/net10.0/Dske.Tests.dll -class {typeof(ModelCampaign).FullName} -explicit only";

    [Fact(Explicit = true)]
    public async Task Every_seed_keeps_to_the_model()
    {
        var (first, count, steps) = (Read("DSKE_MODEL_SEED", 1000), Read("DSKE_MODEL_SEEDS", 1), Read("DSKE_MODEL_STEPS", 500));
        var failures = new List<string>();
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                var counts = await Task.Run(() => ModelRun.RunAsync(seed, steps), TestContext.Current.CancellationToken);
                output.WriteLine($"{seed}: {string.Join(", ", counts.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key} {entry.Value}"))}");
            }
            catch (ModelViolationException violation)
            {
                failures.Add(violation.Message);
                output.WriteLine(violation.Message);
            }
        }

        Assert.Empty(failures);
    }

    private static int Read(string variable, int otherwise)
        => Environment.GetEnvironmentVariable(variable) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
