using System.Text.Json.Nodes;
using Dske.Protocol;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>PSRD is fetched before anybody waits for it, and as much as is needed.</summary>
[Trait("Tier", "Unit")]
public sealed class RefillTests
{
    private static readonly int[] AllHubs = [0, 1, 2, 3, 4];

    /// <summary>Blocks of 256 KiB, as in production.</summary>
    private static readonly NetworkSettings LargeKeys = new() { Psrd = new PsrdTargets() };

    [Fact]
    public async Task Pools_are_filled_up_before_they_are_empty()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        const int Keys = 1000; // Of 64 bytes each in every pool of 16 KiB that is to be filled up at 4 KiB.

        for (var i = 0; i < Keys; i++)
        {
            var key = await carol.EstablishKeyAsync("serena");
            await carol.UntilFullAsync();
            Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
            await celia.UntilFullAsync();
        }

        // Every message was sent once and served: nobody ever found a pool empty.
        Assert.All(network.Hubs, hub =>
        {
            Assert.Equal(2 * Keys, hub.Exchanges.Count);
            Assert.All(hub.Exchanges, exchange => Assert.Equal(200, exchange.Received?.Status));
        });
        Assert.All(carol.Engine.Links.Concat(celia.Engine.Links), link => Assert.InRange(
            link.Session!.HubOwned.AvailableBytes, network.Settings.Psrd.RefillBelow, network.Settings.Psrd.RefillTo + network.Settings.Psrd.BlockSize));
    }

    [Fact]
    public async Task Both_ends_count_alike()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena", 1000);
        await celia.FetchKeyAsync("sam", key.Id);
        await carol.UntilQuietAsync();
        await celia.UntilQuietAsync();

        foreach (var hub in network.Hubs)
        {
            foreach (var (status, client) in hub.Engine.GetClients().Zip(new[] { carol, celia }))
            {
                Assert.Equal(status.ClientOwned, client.Link(hub.Index).Session!.ClientOwned.GetStatus());
                Assert.Equal(status.HubOwned, client.Link(hub.Index).Session!.HubOwned.GetStatus());
            }
        }
    }

    [Theory]
    [InlineData(300 * 1024)]
    [InlineData(KeySizes.MaxBytes)]
    public async Task A_key_larger_than_the_pools_is_made_and_fetched_with_psrd_that_is_fetched_for_it(int size)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(LargeKeys);
        await using var _ = network;

        var key = await carol.EstablishKeyAsync("serena", size);

        Assert.Equal(size, key.Bytes.Length);
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task The_most_that_a_request_may_ask_for_is_made_and_fetched()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(LargeKeys);
        await using var _ = network;
        network.Inject(Faults.Interleave, AllHubs);

        var keys = EstablishedKey.AllOf(await carol.EstablishAsync("serena", KeySizes.MaxBytes, number: (int)(KeySizes.MaxBytesPerRequest / KeySizes.MaxBytes)));
        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. keys.Select(key => key.Id)]));

        Assert.Equal(keys.Select(key => key.Bytes), fetched.Select(key => key.Bytes));
    }

    [Fact]
    public async Task Large_keys_of_which_hubs_missed_different_ones_are_fetched_together()
    {
        // With PSRD for all of them: upkeep that fails at an absent hub would wait for time to pass.
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings { Psrd = new PsrdTargets(8 * KeySizes.MaxBytes, KeySizes.MaxBytes, 8 * KeySizes.MaxBytes) });
        await using var _ = network;
        var keys = new List<EstablishedKey>();
        foreach (var absent in new int[][] { [3, 4], [0, 1], [1, 2] })
        {
            Array.ForEach(absent, hub => network.Hubs[hub].IsReachable = false);
            keys.Add(await carol.EstablishKeyAsync("serena", KeySizes.MaxBytes));
            await carol.UntilQuietAsync();
            Array.ForEach(absent, hub => network.Hubs[hub].IsReachable = true);
        }

        // An answer has room for one of them: some hubs leave off what others have to give.
        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. keys.Select(key => key.Id)]));

        Assert.Equal(keys.Select(key => key.Bytes), fetched.Select(key => key.Bytes));
    }

    [Fact]
    public async Task Requests_that_find_a_pool_empty_together_are_all_served()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(LargeKeys);
        await using var _ = network;

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => carol.EstablishKeyAsync("serena", 200 * 1024)));

        Assert.All(keys, key => Assert.Equal(200 * 1024, key.Bytes.Length));
        await carol.UntilQuietAsync();
        Assert.All(network.Hubs, hub => Assert.Equal(8, hub.Engine.ShareCount));
    }

    [Fact]
    public async Task A_hub_that_spent_its_psrd_on_answers_that_got_lost_is_not_dry_for_good()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.DropAnswer, AllHubs);
        for (var i = 0; i < network.Settings.Psrd.RefillTo / 32; i++)
        {
            Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
            await carol.UntilFullAsync();
        }

        network.Heal();
        await network.LeapAsync(network.Settings.ClientLimits.MinRegistrationInterval);
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        await carol.UntilQuietAsync();
        Assert.All(network.Hubs[0].Exchanges.Where(exchange => exchange.KeyId == key.Id).TakeLast(1), exchange => Assert.Equal(200, exchange.Received?.Status));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task A_hub_that_lies_about_its_psrd_makes_nobody_hoard_or_stop(long claimed)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Hubs[1].Inject(Faults.LieAbout("psrd_available", JsonValue.Create(claimed)));

        for (var i = 0; i < 300; i++)
        {
            await carol.EstablishKeyAsync("serena");
            await carol.UntilFullAsync();
        }

        var settings = network.Settings.Psrd;
        Assert.InRange(
            carol.Link(1).Session!.HubOwned.AvailableBytes, settings.RefillBelow, PeerPool.MaxJump + settings.RefillBelow + settings.RefillTo + settings.BlockSize);

        // The link is as good as ever once the hub is honest again.
        network.Heal();
        network.Hubs[0].IsReachable = network.Hubs[4].IsReachable = false;
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_hub_that_grants_no_more_psrd_is_asked_at_growing_intervals_and_holds_up_nobody()
    {
        var settings = new NetworkSettings { HubLimits = new HubLimits { HoldTime = TimeSpan.Zero, MaxPoolBytes = 16 * 1024 } };
        var (network, carol, _) = await InMemoryNetwork.StartAsync(settings);
        await using var end = network;

        // 16 KiB less the reserve are 223 keys; below 4 KiB more is asked for, and as long as anything is left a block of 16 KiB is too much.
        for (var i = 0; i < 218; i++)
        {
            await carol.EstablishKeyAsync("serena");
        }

        await network.Time.UntilTimersRunAsync(settings.ClientLimits.MinRetryPause, 5);
        var making = carol.EstablishAsync("serena", 1000);
        await Eventually.TrueAsync(() => carol.Engine.Links.All(link => link.Waiting == 1), "the key waits for PSRD");
        network.Time.Advance(settings.ClientLimits.MinRetryPause);

        Assert.Equal(KeyOutcome.Unavailable, (await making).Outcome);
        Assert.Equal(KeyOutcome.Ok, (await carol.EstablishAsync("serena")).Outcome);
        await network.Time.UntilTimersRunAsync(2 * settings.ClientLimits.MinRetryPause, 5);
    }
}
