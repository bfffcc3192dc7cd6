using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Network;

/// <summary>Many requesters on small blocks: nothing wedges, and nothing fails for lack of PSRD that could have been fetched.</summary>
[Trait("Tier", "Network")]
public sealed class RefillUnderLoadTests
{
    private const int Requesters = 16;
    private const int KeysEach = 64;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sixteen_requesters_on_blocks_of_2000_bytes_get_every_key_in_both_directions(bool interleaved)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings
        {
            Psrd = new PsrdTargets(BlockSize: 2000, RefillBelow: 500, RefillTo: 2000),
            HubLimits = new HubLimits { HoldTime = TimeSpan.Zero },
            ClientLimits = new ClientLimits { HubTimeout = TimeSpan.FromSeconds(4) },
        });
        await using var _ = network;
        if (interleaved)
        {
            network.Inject(Faults.Interleave, 0, 1, 2, 3, 4);
        }

        var keys = await network.RunAsync(Task.WhenAll(Enumerable.Range(0, Requesters).Select(requester => Task.Run(() => requester % 2 == 0
            ? PassKeysAsync(carol, "serena", celia, "sam")
            : PassKeysAsync(celia, "sam", carol, "serena")))));

        Assert.Equal(Requesters * KeysEach, keys.Sum());
        Assert.All(network.Hubs, hub => Assert.All(
            hub.Engine.GetClients(), client => Assert.InRange(client.ClientOwned.Count + client.HubOwned.Count, 2, 40)));
    }

    private static async Task<int> PassKeysAsync(InMemoryClient maker, string slave, InMemoryClient fetcher, string master)
    {
        for (var i = 0; i < KeysEach; i++)
        {
            var key = await maker.EstablishKeyAsync(slave);
            Assert.Equal(key.Bytes, (await fetcher.FetchKeyAsync(master, key.Id)).Bytes);
        }

        return KeysEach;
    }
}
