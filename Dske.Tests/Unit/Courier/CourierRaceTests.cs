using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Courier;

/// <summary>An operator abandons a file at the moment when its client shows that it has it: one of the two comes first.</summary>
[Trait("Tier", "Unit")]
public sealed class CourierRaceTests
{
    private static readonly NetworkSettings Small = new() { Hubs = 2, Threshold = 2 };

    private const int HeadStart = 500_000;

    [Fact]
    public async Task A_file_is_abandoned_or_begins_its_link_but_not_half_of_each()
    {
        const int rounds = 60;
        var begun = 0;
        for (var round = 0; round < rounds; round++)
        {
            begun += await RaceAsync(round) ? 1 : 0;
        }

        // Whoever gets a head start wins.
        Assert.InRange(begun, 1, rounds - 1);
    }

    /// <returns>Whether the link begins.</returns>
    private static async Task<bool> RaceAsync(int round)
    {
        await using var network = new InMemoryNetwork(Small with { Seed = round });
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        hub.InjectIntoSyncs(Faults.Unreachable);
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
        Assert.True(await network.PassUntilAsync(() => hub.Syncs.Count > 0, TimeSpan.FromSeconds(30)));
        var (sync, file) = (hub.Syncs.Last().Request, hub.Engine.GetExports()[0].File);

        // Of three rounds, each gets a head start in one, and in the third they begin together.
        var waiting = 0;
        HubAnswer? answer = null;
        var syncs = Task.Run(() =>
        {
            Begin(round % 3 == 0);
            answer = hub.Engine.Sync(sync.Query, hasBody: false, sync.Signature);
        });
        var abandons = Task.Run(() =>
        {
            Begin(round % 3 == 1);
            return hub.Engine.AbandonExport(file) is not null;
        });
        var abandoned = await abandons;
        await syncs;

        Assert.False(hub.Engine.HasStorageFault);
        Assert.Equal(abandoned ? DskeErrors.GetStatus(DskeError.ClientNotRegistered) : 200, answer!.Status);
        Assert.Empty(hub.Engine.GetExports());
        var blocks = new[] { PoolOwner.Client, PoolOwner.Hub }.SelectMany(owner => hub.Disk.Psrd.Open(new PsrdPoolKey(carol.Name, owner))).ToList();
        if (abandoned)
        {
            Assert.Empty(hub.Engine.GetClients());
            Assert.Empty(blocks);
            return false;
        }

        Assert.Equal(2, blocks.Count);
        Assert.All(blocks, block => Assert.True(block.IsConfirmed));
        network.Heal();
        await network.UntilUsableAsync(carol, 0);
        return true;

        void Begin(bool isSecond)
        {
            Interlocked.Increment(ref waiting);
            SpinWait.SpinUntil(() => Volatile.Read(ref waiting) == 2);
            Thread.SpinWait(isSecond ? HeadStart : 0);
        }
    }
}
