using System.Text.Json;

namespace Dske.Tests.Distributed;

/// <summary>Hubs and clients are killed at random, under load, again and again, and no byte of PSRD is used twice.</summary>
[Trait("Tier", "Distributed")]
[Collection(JournaledNetwork.Collection)]
public sealed class KillTests(JournaledNetwork network, ITestOutputHelper output)
{
    private const int Seed = 20_10;

    private const int Kills = 50;

    // Every so many rounds too few hubs are left for any key.
    private const int BadRound = 7;

    // A link heals within ten seconds; the machine may be busy with other things.
    private static readonly TimeSpan HealTimeout = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task Invariant_1_Killed_nodes_use_no_byte_twice_and_make_no_wrong_key()
    {
        var random = new Random(Seed);
        var load = new KeyLoad(network, Cancellation);
        var making = load.RunAsync();
        var kills = 0;
        for (var round = 1; kills < Kills; round++)
        {
            await load.WaitForKeysAsync(random.Next(1, 8));
            kills += await KillAndStartAsync(Victims(random, round), isHasty: round % 3 == 0);
        }

        using (var healing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            healing.CancelAfter(HealTimeout);
            await network.WaitUntilLinkedAsync(healing.Token);
        }

        load.Stop();
        await making;
        output.WriteLine($"{kills} kills, {load.Confirmed} keys confirmed, {load.Compared} compared, {load.Failed} attempts failed");
        await AssertSoundAsync();
        Assert.Empty(load.Violations);
        Assert.True(load.Confirmed > 50 && load.Compared > 50, "Hardly any keys were made.");
        AssertNoByteUsedTwice(kills);
    }

    /// <summary>
    /// Up to two hubs and two clients, which leaves enough hubs for a key. In a bad round three hubs or more.
    /// </summary>
    private static string[] Victims(Random random, int round)
    {
        var hubs = round % BadRound == 0 ? random.Next(3, NetworkFixture.Hubs.Length + 1) : random.Next(3);
        var clients = random.Next(hubs == 0 ? 1 : 0, 3);
        return
        [
            .. random.GetItems(NetworkFixture.Hubs, NetworkFixture.Hubs.Length * 4).Distinct().Take(hubs),
            .. random.GetItems(NetworkFixture.Clients, NetworkFixture.Clients.Length * 4).Distinct().Take(clients),
        ];
    }

    /// <summary>Kills nodes and starts them again; in haste kills them once more as soon as they have opened their storage.</summary>
    /// <returns>How many were killed.</returns>
    private async Task<int> KillAndStartAsync(string[] victims, bool isHasty)
    {
        await (isHasty ? network.KillTwiceAsync(victims, Cancellation) : network.KillAsync(victims, Cancellation));
        await Task.WhenAll(victims.Select(node => network.StartAsync(node, Cancellation)));
        return victims.Length * (isHasty ? 2 : 1);
    }

    private async Task AssertSoundAsync()
    {
        foreach (var client in NetworkFixture.Clients)
        {
            // No storage seemed to be older than what the other end knows, and nobody was taken for a liar.
            var status = await network.GetStatusAsync(client, Cancellation);
            Assert.All(status.GetProperty("peer_hubs").EnumerateArray(), hub => Assert.False(Is(hub, "set_back") || Is(hub, "suspect"), $"{client}: {hub}"));
        }

        foreach (var hub in NetworkFixture.Hubs)
        {
            var status = await network.GetStatusAsync(hub, Cancellation);
            Assert.All(status.GetProperty("peer_clients").EnumerateArray(), client => Assert.False(Is(client, "set_back"), $"{hub}: {client}"));
        }

        await Task.WhenAll(NetworkFixture.Encryptors.Zip(NetworkFixture.Encryptors.Reverse())
            .Where(pair => pair.First != pair.Second)
            .Select(pair => network.EstablishAsync(pair.First, pair.Second, Cancellation)));

        static bool Is(JsonElement end, string name) => end.GetProperty(name).GetBoolean();
    }

    private void AssertNoByteUsedTwice(int kills)
    {
        var audit = JournalAudit.Of(network.Journals);
        output.WriteLine($"{audit.TakenBytes} bytes taken over {audit.Links.Count} links, {audit.Openings} starts, {audit.TornLines} lines cut off");
        Assert.Empty(audit.Violations);
        Assert.Equal(NetworkFixture.Clients.Length * NetworkFixture.Hubs.Length, audit.Links.Count);
        Assert.True(audit.Openings >= NetworkFixture.Hubs.Length + NetworkFixture.Clients.Length + kills, $"{audit.Openings} starts");
        Assert.True(audit.TakenBytes > 500_000, $"{audit.TakenBytes} bytes taken");
    }
}
