using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Hubs;

[Trait("Tier", "Unit")]
public sealed class PsrdIssueTests : IDisposable
{
    private readonly HubFixture _fixture = new(new HubLimits { MaxBlockSize = 4096, MaxPoolBytes = 64 * 1024 });

    private HubEngine Hub => _fixture.Hub;

    [Theory]
    [InlineData(PoolOwner.Client)]
    [InlineData(PoolOwner.Hub)]
    public void Each_block_is_new_and_goes_to_the_pool_of_its_owner(PoolOwner owner)
    {
        using var carol = new HubPeer(Hub, "carol");
        carol.Register();

        using var first = Hub.IssuePsrd("carol", owner, 1000, out _);
        using var second = Hub.IssuePsrd("carol", owner, 1, out _);

        Assert.Equal((1000, 1), (first!.Data.Length, second!.Data.Length));
        Assert.NotEqual(first.BlockUuid, second.BlockUuid);
        Assert.NotEqual(new byte[1000], first.Data.Span.ToArray());
        var (filled, empty) = owner == PoolOwner.Client ? (carol.Status.ClientOwned, carol.Status.HubOwned) : (carol.Status.HubOwned, carol.Status.ClientOwned);
        Assert.Equal([new BlockStatus(first.BlockUuid, 1000, 1000), new BlockStatus(second.BlockUuid, 1, 1, IsConfirmed: false)], filled);
        Assert.Empty(empty);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(4097)]
    [InlineData(long.MaxValue)]
    public void A_size_that_is_out_of_range_is_refused(long size)
    {
        using var carol = new HubPeer(Hub, "carol");
        carol.Register();

        Assert.Null(Hub.IssuePsrd("carol", PoolOwner.Client, size, out var error));

        Assert.Equal(DskeError.PsrdSizeOutOfRange, error);
        Assert.Empty(carol.Status.ClientOwned);
    }

    [Theory]
    [InlineData("carol")]
    [InlineData("")]
    [InlineData("Carol")]
    [InlineData("../carol")]
    public void Whoever_is_not_registered_gets_none(string name)
    {
        Assert.Null(Hub.IssuePsrd(name, PoolOwner.Client, 100, out var error));

        Assert.Equal(DskeError.ClientNotRegistered, error);
    }

    [Fact]
    public void A_client_gets_so_much_that_it_does_not_use_and_no_more()
    {
        using var carol = new HubPeer(Hub, "carol");
        carol.Register();
        carol.FetchPending(PoolOwner.Hub, 1024);
        for (var i = 0; i < 16; i++)
        {
            carol.Fetch(PoolOwner.Client, 4096);
        }

        Assert.Null(Hub.IssuePsrd("carol", PoolOwner.Client, 4096, out var error));
        Assert.Equal(DskeError.PsrdLimitReached, error);

        // The other pool has a limit of its own, and so has another client.
        carol.Fetch(PoolOwner.Hub, 4096);
        using var celia = new HubPeer(Hub, "celia");
        celia.Register("serena");
        celia.Fetch(PoolOwner.Client, 4096);
    }

    [Fact]
    public async Task Requests_at_once_get_no_more_than_requests_one_after_the_other()
    {
        // The first one is stopped while its block is being made; by then it has been found to be within the limit.
        using var store = new InMemoryPsrdStore();
        var entropy = new SlowEntropySource();
        using var hub = new HubEngine(Hub.Name, HubFixture.Network, store, new InMemoryHubStateStore(_fixture.Entropy), entropy, _fixture.Time, new HubLimits { MaxPoolBytes = 4096 });
        using var carol = new HubPeer(hub, "carol");
        carol.Register();
        var first = StartRequest(hub);
        await Eventually.TrueAsync(() => entropy.IsWaitedFor, "the first block is being made");
        var second = StartRequest(hub);
        await Eventually.TrueAsync(() => second.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the second request waits");

        entropy.Release();
        first.Join();
        second.Join();

        Assert.Equal(4096, carol.Status.ClientOwned.Sum(block => block.UnusedBytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_source_that_has_failed_makes_no_block_and_adds_none(int draws)
    {
        using var store = new InMemoryPsrdStore();
        using var hub = new HubEngine(Hub.Name, HubFixture.Network, store, new InMemoryHubStateStore(_fixture.Entropy), new FailingEntropySource(draws), _fixture.Time);
        using var carol = new HubPeer(hub, "carol");
        carol.Register();

        Assert.Null(hub.IssuePsrd("carol", PoolOwner.Hub, 1000, out var error));

        Assert.Equal(DskeError.EntropyUnavailable, error);
        Assert.Empty(carol.Status.HubOwned);
    }

    public void Dispose() => _fixture.Dispose();

    private static Thread StartRequest(HubEngine hub)
    {
        var thread = new Thread(() => hub.IssuePsrd("carol", PoolOwner.Client, 4096, out var _)?.Dispose());
        thread.Start();
        return thread;
    }

    /// <summary>Has nothing to give until it is released.</summary>
    private sealed class SlowEntropySource : IEntropySource
    {
        private readonly TaskCompletionSource _released = new();

        public bool IsWaitedFor { get; private set; }

        public void Release() => _released.SetResult();

        public void Fill(Span<byte> destination)
        {
            // Only what is worth a block: UUIDs are drawn as ever.
            if (destination.Length > 16)
            {
                IsWaitedFor = true;
                _released.Task.Wait();
            }

            SystemEntropySource.Instance.Fill(destination);
        }
    }

    /// <summary>Fails after some draws, and for good.</summary>
    private sealed class FailingEntropySource(int draws) : IEntropySource
    {
        private int _left = draws;

        public void Fill(Span<byte> destination)
        {
            if (_left-- <= 0)
            {
                throw new EntropyException(EntropyFailure.EndOfSource, "It has ended.");
            }

            SystemEntropySource.Instance.Fill(destination);
        }
    }
}
