using Dske.Protocol.Clients;
using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Courier;

/// <summary>A dishonest hub gives a block that it hands out over the route the name of one that a file carries. The client starts and goes on.</summary>
[Trait("Tier", "Unit")]
public sealed class CourierRouteTests
{
    private static readonly NetworkSettings OnDisks = new() { HasDisks = true };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_a_file_is_read_no_block_of_its_names_is_taken(bool breaksOff)
    {
        // In memory: a simulated disk does one thing at a time.
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var hub = network.Hubs[0];
        using var file = new SlowFile(await hub.ExportAsync(carol, 128 * 1024));
        var carried = hub.Engine.GetExports().Single().Blocks.ToDictionary(block => block.Owner, block => block.Id);
        var import = carol.ImportAsync(file);
        await file.UntilBlocksAreReadAsync();
        var handedOut = 0;
        hub.Doctors = (owner, block) =>
        {
            handedOut++;
            return block with { BlockUuid = carried[owner] };
        };
        Spend(carol.Link(0).Session!.ClientOwned);
        Assert.Equal(KeyOutcome.Ok, (await network.RunAsync(carol.EstablishAsync("serena"))).Outcome);
        Assert.True(await network.PassUntilAsync(() => handedOut > 0, TimeSpan.FromMinutes(5)));
        Assert.False(carol.Disk.Psrd.Knows(new PsrdPoolKey(hub.Name, PoolOwner.Client), carried[PoolOwner.Client]));

        // Once the file is out of the way, its names are as good as any.
        hub.Doctors = breaksOff ? null : hub.Doctors;
        file.GoOn(breaksOff);
        if (breaksOff)
        {
            await Assert.ThrowsAnyAsync<IOException>(() => import);
            Assert.Empty(carol.Disk.State.LoadImports());
        }
        else
        {
            Assert.Null(await import);
        }

        // The client starts, and goes on with the hub as well once that is honest.
        await carol.RestartAsync(keepState: true);
        await PassKeyAsync(network, carol, celia);
        hub.Doctors = null;
        Assert.True(await network.PassUntilAsync(() => carol.Link(0).IsUsable && IsInUse() == !breaksOff, TimeSpan.FromMinutes(5)));
        await PassKeyAsync(network, carol, celia);

        bool IsInUse() => carried.All(named => carol.Disk.Psrd.Open(new PsrdPoolKey(hub.Name, named.Key)).Any(block => block.Id == named.Value && block.IsConfirmed));
    }

    [Theory]
    [InlineData(PoolOwner.Client)]
    [InlineData(PoolOwner.Hub)]
    public async Task A_file_with_the_name_of_a_block_that_came_over_the_route_is_refused(PoolOwner stolen)
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var hub = network.Hubs[0];
        var celia = await network.StartClientAsync("celia", "serena");

        // It takes a file to know the names before they are handed out: one for a link that is in use.
        var carol = await network.StartClientAsync("carol", "sam");
        var file = await hub.ExportAsync(carol);
        var carried = hub.Engine.GetExports().Single().Blocks.Single(block => block.Owner == stolen).Id;
        hub.Doctors = (owner, block) => owner == stolen ? block with { BlockUuid = carried } : block;
        hub.InjectIntoSyncs(Faults.Unreachable);
        carol.Link(0).Session!.ClientOwned.Empty();
        carol.Link(0).Session!.HubOwned.Empty();
        Assert.Equal(KeyOutcome.Ok, (await carol.EstablishAsync("serena")).Outcome);
        Assert.True(await network.PassUntilAsync(() => carol.Disk.Psrd.Knows(new PsrdPoolKey(hub.Name, stolen), carried), TimeSpan.FromMinutes(5)));

        Assert.Equal(DskeError.CourierFileImported, await carol.ImportAsync(file));
        Assert.Empty(carol.Disk.State.LoadImports());
        await carol.RestartAsync(keepState: true);
        await network.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(carol.Disk.State.LoadImports());
        await PassKeyAsync(network, carol, celia);
    }

    private static async Task PassKeyAsync(InMemoryNetwork network, InMemoryClient from, InMemoryClient to)
    {
        var key = await network.RunAsync(from.EstablishKeyAsync("serena"));
        Assert.Equal(key.Bytes, (await network.RunAsync(to.FetchKeyAsync("sam", key.Id))).Bytes);
    }

    private static void Spend(LocalPool pool) => pool.TryAllocate(new byte[pool.SpendableBytes - 4096], new byte[32], out var _, out var _);

    /// <summary>A file that is checked at once, and then stands still before its blocks are read.</summary>
    private sealed class SlowFile(byte[] content) : MemoryStream(content)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _passes;

        public override long Position
        {
            get => base.Position;
            set
            {
                // From the beginning to look, and from behind the header to read.
                _passes += value == CourierHeader.Size ? 1 : 0;
                base.Position = value;
            }
        }

        public Task UntilBlocksAreReadAsync() => _reached.Task.WaitAsync(TestContext.Current.CancellationToken);

        public void GoOn(bool breaksOff) => _goesOn.SetResult(breaksOff);

        public override int Read(Span<byte> buffer)
        {
            // The first chunk, with the manifest, is read before anything is noted.
            if (_passes == 1 && base.Position > CourierHeader.Size)
            {
                _reached.TrySetResult();
                if (_goesOn.Task.GetAwaiter().GetResult())
                {
                    throw new IOException("The medium was taken out.");
                }
            }

            return base.Read(buffer);
        }
    }
}
