using System.Collections.Concurrent;

namespace Dske.Tests.Model;

/// <summary>A hundred networks through five hundred operations each. More of them: <see cref="ModelCampaign"/>.</summary>
[Trait("Tier", "Network")]
public sealed class ModelTests
{
    private const int Steps = 500;

    private const int SeedsPerGroup = 5;

    public static TheoryData<int> Groups => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Whatever_happens_the_network_keeps_to_the_model(int group)
    {
        var runs = new ConcurrentBag<IReadOnlyDictionary<string, int>>();
        await Parallel.ForEachAsync(
            Enumerable.Range((group * SeedsPerGroup) + 1, SeedsPerGroup), TestContext.Current.CancellationToken, async (seed, _) => runs.Add(await ModelRun.RunAsync(seed, Steps)));

        // A network in which nothing comes to pass keeps to anything.
        Assert.All(
            ["make must Ok", "fetch must Ok", "fetch must NotFound", "replay", "disturbance"],
            what => Assert.InRange(Count(what), SeedsPerGroup, int.MaxValue));
        Assert.InRange(Count("make must Unavailable") + Count("fetch NotYours") + Count("accusation"), SeedsPerGroup, int.MaxValue);

        int Count(string what) => runs.Sum(counts => counts.GetValueOrDefault(what));
    }
}
