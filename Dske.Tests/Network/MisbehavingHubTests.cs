using Dske.Client.Hosting;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Network;

/// <summary>One of five hubs misbehaves on its sockets: nobody waits for it, and no more than so many requests do.</summary>
[Collection(nameof(WholeProcess))]
[Trait("Tier", "Network")]
public sealed class MisbehavingHubTests(ITestOutputHelper output)
{
    private const int Bad = 2;

    /// <summary>So many keys are timed in one go.</summary>
    private const int Batch = 15;

    /// <summary>When others use the machine it can take a few rounds until both medians mean something.</summary>
    private const int MaxRounds = 4;

    private static readonly TimeSpan Allowed = TimeSpan.FromMilliseconds(40);

    /// <remarks>
    /// What is compared is one and the same network, in turns, so that whatever else slows it down slows down both. A hub that was waited for
    /// would cost seconds for each key.
    /// </remarks>
    [Theory(Timeout = 240_000)]
    [InlineData(Conduct.Hangs)]
    [InlineData(Conduct.Trickles)]
    [InlineData(Conduct.Resets)]
    public async Task A_hub_that_misbehaves_costs_no_key_and_at_most_40_ms(Conduct conduct)
    {
        var front = default(MisbehavingFront);
        await using var network = await LoopbackNetwork.StartAsync(route: (hub, url) => hub == LoopbackNetwork.HubNames[Bad] ? (front ??= MisbehavingFront.Start(url)).Url : url);
        await using var _ = front!;
        var (healthy, bad) = (new List<TimeSpan>(), new List<TimeSpan>());
        await MeasureAsync(network);

        for (var round = 0; round < MaxRounds && (round < 2 || Median(bad) > Median(healthy) + Allowed); round++)
        {
            healthy.AddRange(await MeasureAsync(network));
            front!.Behave(conduct);
            bad.AddRange(await MeasureAsync(network));
            front.Behave(Conduct.Proper);
            await UntilHealedAsync(network);
        }

        output.WriteLine($"{conduct}: median {Median(healthy).TotalMilliseconds:F1} ms healthy, {Median(bad).TotalMilliseconds:F1} ms with it, {bad.Count} keys each");
        Assert.InRange(Median(bad), TimeSpan.Zero, Median(healthy) + Allowed);
    }

    [Theory(Timeout = 240_000)]
    [InlineData(Conduct.Hangs)]
    [InlineData(Conduct.Trickles)]
    public async Task So_many_requests_wait_on_a_hub_that_gives_no_answer_and_no_more(Conduct conduct)
    {
        var front = default(MisbehavingFront);
        await using var network = await LoopbackNetwork.StartAsync(clientServices: BePatient, route: (hub, url) => hub == LoopbackNetwork.HubNames[Bad] ? (front ??= MisbehavingFront.Start(url)).Url : url);
        await using var _ = front!;
        var limit = new ClientLimits().MaxWaitingPerHub;
        var waiting = new[] { LinkOf(network.Carol), LinkOf(network.Conny) };
        front!.Behave(conduct);

        await Parallel.ForEachAsync(Enumerable.Range(0, 2 * limit), Eight, async (_, _) =>
        {
            await network.DeliverAsync();
            Assert.All(waiting, link => Assert.InRange(link.Waiting, 0, limit));

            // That is what the clients say. Each has also one request of its upkeep under way, and one that it just gave up.
            Assert.InRange(front.Unanswered, 0, waiting.Length * (limit + 2));
        });

        Assert.Equal([limit, limit], waiting.Select(link => link.Waiting));
        Assert.Equal(limit, (await network.Carol.GetStatusAsync()).GetProperty("peer_hubs")[Bad].GetProperty("waiting").GetInt32());
        Assert.True(front.Unanswered >= waiting.Length * limit, $"{front.Unanswered}");

        front.Behave(Conduct.Proper);
        await UntilHealedAsync(network);
        var (id, _) = await network.DeliverAsync();
        var hub = network.Hubs[Bad].Services.GetRequiredService<HubEngine>();
        await Eventually.TrueAsync(() => hub.GetShares(1000).Any(share => share.KeyId == id), "the hub has its share of keys again");
    }

    private static ParallelOptions Eight => new() { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken };

    /// <summary>However slow the machine is, nobody gives up while the requests pile up, and each is a message: together they would be too few.</summary>
    private static void BePatient(IServiceCollection services) => services.Configure<ClientOptions>(
        options => options.Limits = options.Limits with { HubTimeout = TimeSpan.FromSeconds(60), MessagesPerPair = int.MaxValue });

    private static HubLink LinkOf(LoopbackNode<ClientOptions> client) => client.Services.GetRequiredService<ClientEngine>().Links[Bad];

    /// <summary>Nobody waits on the hub any more, and keys go over it again.</summary>
    private static async Task UntilHealedAsync(LoopbackNetwork network)
    {
        await Eventually.TrueAsync(() => LinkOf(network.Carol).Waiting + LinkOf(network.Conny).Waiting == 0, "nobody waits");
        await network.UntilReadyAsync();
    }

    private static async Task<IReadOnlyList<TimeSpan>> MeasureAsync(LoopbackNetwork network)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Batch; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await network.DeliverAsync();
            times.Add(TimeProvider.System.GetElapsedTime(began));
        }

        return times;
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
