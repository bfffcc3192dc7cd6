using System.Net;
using System.Text.Json;

namespace Dske.Tests.Distributed;

/// <summary>What nodes hold survives kills: shares, links, and what was delivered already.</summary>
[Trait("Tier", "Distributed")]
[Collection(JournaledNetwork.Collection)]
public sealed class RestartTests(JournaledNetwork network) : IAsyncLifetime
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan MendTimeout = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(MendTimeout);
        await network.MendAsync(timeout.Token);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Shares_outlive_a_kill_of_all_hubs()
    {
        var (id, key) = await MakeAsync();

        await network.KillAsync(NetworkFixture.Hubs, Cancellation);
        await Task.WhenAll(NetworkFixture.Hubs.Select(hub => network.StartAsync(hub, Cancellation)));

        Assert.Equal(key, await FetchEventuallyAsync(id));
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_client_that_was_killed_delivers_no_key_a_second_time()
    {
        var (id, key) = await MakeAsync();
        Assert.Equal(key, await FetchEventuallyAsync(id));

        await network.KillAsync(["conny"], Cancellation);
        await network.StartAsync("conny", Cancellation);
        await network.WaitUntilLinkedAsync(Cancellation);

        for (var i = 0; i < 3; i++)
        {
            var (status, _) = await network.GetKeysAsync("conny", "sofia", $"sam/dec_keys?key_ID={id}", Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, status);
        }
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Links_outlive_a_stop_of_all_nodes()
    {
        await network.EstablishEventuallyAsync("sam", "sofia", Cancellation);
        await network.WaitUntilLinkedAsync(Cancellation);
        var before = await GetBlocksAsync();

        string[] nodes = [.. NetworkFixture.Hubs, .. NetworkFixture.Clients];
        await Task.WhenAll(nodes.Select(node => network.StopAsync(node, Cancellation)));
        await Task.WhenAll(nodes.Select(node => network.WaitUntilEndedAsync(node, Cancellation)));
        await Task.WhenAll(nodes.Select(node => network.StartAsync(node, Cancellation)));
        await network.WaitUntilLinkedAsync(Cancellation);

        // A client that had to register anew would have begun with other blocks.
        var after = await GetBlocksAsync();
        Assert.Equal(NetworkFixture.Clients.Length * NetworkFixture.Hubs.Length * 2, before.Count);
        Assert.All(before, pool => Assert.True(pool.Value.Overlaps(after[pool.Key]), $"{pool.Key} has other blocks now"));
        await network.EstablishAsync("sam", "sofia", Cancellation);
    }

    private async Task<(string Id, string Key)> MakeAsync()
    {
        var (status, body) = await network.GetKeysAsync("carol", "sam", "sofia/enc_keys?size=256", Cancellation);
        Assert.True(status == HttpStatusCode.OK, $"{status} {body}");
        return Read(body);
    }

    /// <summary>Fetches a key at the other end, again and again until it works: hubs that were killed may not be in use again yet.</summary>
    private async Task<string> FetchEventuallyAsync(string id)
    {
        while (true)
        {
            var (status, body) = await network.GetKeysAsync("conny", "sofia", $"sam/dec_keys?key_ID={id}", Cancellation);
            if (status == HttpStatusCode.OK)
            {
                return Read(body).Key;
            }

            Assert.Contains(status, (HttpStatusCode[])[HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadRequest]);
            await Task.Delay(RetryInterval, TimeProvider.System, Cancellation);
        }
    }

    private static (string Id, string Key) Read(JsonElement container)
    {
        var key = Assert.Single(container.GetProperty("keys").EnumerateArray());
        return (key.GetProperty("key_ID").GetString()!, key.GetProperty("key").GetString()!);
    }

    /// <summary>The blocks of every link and pool, as the clients report them.</summary>
    private async Task<Dictionary<string, HashSet<Guid>>> GetBlocksAsync()
    {
        var blocks = new Dictionary<string, HashSet<Guid>>();
        foreach (var client in NetworkFixture.Clients)
        {
            foreach (var hub in (await network.GetStatusAsync(client, Cancellation)).GetProperty("peer_hubs").EnumerateArray())
            {
                foreach (var pool in (string[])["local_pool", "peer_pool"])
                {
                    var uuids = hub.GetProperty(pool).GetProperty("blocks").EnumerateArray().Select(block => block.GetProperty("uuid").GetGuid());
                    blocks.Add($"{client}@{hub.GetProperty("hub_name").GetString()}, {pool}", [.. uuids]);
                }
            }
        }

        return blocks;
    }
}
