using Dske.Protocol.Clients;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Services.Hub;

/// <summary>GET sync over HTTP.</summary>
[Trait("Tier", "Services")]
public sealed class SyncApiTests
{
    [Fact]
    public async Task Blocks_are_confirmed_over_HTTP_and_used_only_then()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam", "sara");
        await carol.FetchAsync("client");
        Assert.Equal("False True", await PendingAsync(hub));

        Assert.Equal((HubAnswerKind.Accepted, null), Describe(await carol.SyncAsync()));

        Assert.Equal("False False", await PendingAsync(hub));
        Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "sara", new byte[32]))).Kind);
    }

    [Fact]
    public async Task As_many_blocks_as_a_link_may_have_fit_into_one_sync()
    {
        const int blocks = SyncQuery.MaxBlocks;
        await using var hub = HubNode.Start(more: [("Dske:Hub:Limits:MaxPendingBlocks", $"{SyncQuery.MaxBlocks}"), ("Dske:Hub:Traffic:OutOfBandBurst", "10000")]);
        using var carol = await HubCaller.EnrolAsync(hub, "carol", 512, "sam");
        for (var i = 1; i < blocks; i++)
        {
            await carol.FetchAsync("client", 512);
            await carol.FetchAsync("hub", 512);
        }

        Assert.Equal((HubAnswerKind.Accepted, null), Describe(await carol.SyncAsync()));

        // All of them again, now that they are confirmed.
        var reply = await carol.SyncAsync();
        Assert.Equal((blocks, blocks), (reply.Statement!.ClientOwned.Count, reply.Statement.HubOwned.Count));
    }

    [Fact]
    public async Task A_sync_that_is_over_is_refused_and_changes_nothing_but_its_signing_key()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");
        var late = carol.PrepareSync();
        await carol.SyncAsync();
        await carol.FetchAsync("hub");
        await carol.SyncAsync();

        var answer = await carol.SendAsync(late);

        Assert.Equal((409, null), (answer.Status, answer.Signature));
        Assert.Equal("False False", await PendingAsync(hub, "local_pool"));
        Assert.Equal((HubAnswerKind.Accepted, null), Describe(await carol.SyncAsync()));
    }

    private static (HubAnswerKind, Protocol.Errors.DskeError?) Describe(SyncReply reply) => (reply.Kind, reply.Error);

    /// <summary>For each block of a pool, whether it waits for confirmation.</summary>
    private static async Task<string> PendingAsync(HubNode hub, string pool = "peer_pool")
    {
        var client = Assert.Single((await hub.GetStatusAsync()).GetProperty("peer_clients").EnumerateArray());
        return string.Join(' ', client.GetProperty(pool).GetProperty("blocks").EnumerateArray().Select(block => block.TryGetProperty("pending", out var pending) && pending.GetBoolean()));
    }
}
