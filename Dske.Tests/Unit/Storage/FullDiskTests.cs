using Dske.Protocol.Psrd;
using Dske.Storage;
using Dske.Tests.Unit.Psrd;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Unit.Storage;

/// <summary>A disk that is full at any step of an operation: that operation is refused, and goes through once there is space again.</summary>
[Trait("Tier", "Unit")]
public sealed class FullDiskTests
{
    private readonly PsrdBlocks _blocks = new(seed: 1, 5000);

    [Fact]
    public void An_addition_that_finds_the_disk_full_is_refused_and_can_be_repeated()
    {
        var refusals = ForEveryStep(_ => { }, node => node.Store.Add(PsrdBlocks.Pool, _blocks[0], _blocks.All[0].Data), node =>
        {
            Assert.Empty(node.Store.Open(PsrdBlocks.Pool));
            var block = node.Store.Add(PsrdBlocks.Pool, _blocks[0], _blocks.All[0].Data);
            Assert.Equal(_blocks.All[0].Data, Lease(block, 5000));
        });

        // Create, write, flush, rename, flush names, books.
        Assert.Equal(6, refusals);
    }

    [Fact]
    public void A_lease_that_finds_the_disk_full_is_refused_and_hands_nothing_out()
    {
        var bytes = new byte[1000];
        var refusals = ForEveryStep(Add, node => Block(node).Lease(1000, bytes), node =>
        {
            Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)0));
            var from = (int)Block(node).Floor;
            Assert.Equal(_blocks.All[0].Data[from..3000], Lease(Block(node), 3000));
            Assert.False(node.Durable(PsrdBlocks.Pool, _blocks[0]).AsSpan(0, 3000).ContainsAnyExcept((byte)0));
        });

        // Books, overwrite, flush.
        Assert.Equal(3, refusals);
    }

    [Fact]
    public void A_removal_that_finds_the_disk_full_goes_on_when_it_is_repeated_or_at_the_next_start()
    {
        foreach (var restart in new[] { false, true })
        {
            var refusals = ForEveryStep(Add, node => node.Store.Remove(PsrdBlocks.Pool, _blocks[0]), node =>
            {
                Assert.Empty(node.Store.Open(PsrdBlocks.Pool));
                if (restart)
                {
                    node.Restart();
                }

                node.Store.Remove(PsrdBlocks.Pool, _blocks[0]);
                Assert.Empty(node.Store.Open(PsrdBlocks.Pool));
                Assert.Empty(node.Disk.List());
                Assert.True(node.Store.Knows(PsrdBlocks.Pool, _blocks[0]));
                Assert.All(node.Disk.DurableRemains, remains => Assert.False(remains.AsSpan().ContainsAnyExcept((byte)0)));
            });

            // Books, overwrite, flush, delete, books.
            Assert.Equal(5, refusals);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_removal_whose_erasure_comes_later_goes_on_wherever_it_was_interrupted(bool losesPower, bool restarts)
    {
        var steps = 0;
        for (var failing = 0; ; failing++)
        {
            using var node = new SimulatedNode(seed: failing, erasedAtOnce: 0);
            Add(node);
            Lease(Block(node), 1000);
            var at = node.Power.Steps + failing;
            node.Power.FailsAt = step => !losesPower && step == at;
            node.Power.LossAt = losesPower ? at : null;
            var thrown = Record.Exception(() => RemoveAndErase(node));
            (node.Power.FailsAt, node.Power.LossAt) = (_ => false, null);
            if (thrown is null)
            {
                break;
            }

            steps++;
            if (losesPower)
            {
                node.LosePower();
            }
            else if (restarts)
            {
                node.Restart();
            }

            RemoveAndErase(node);
            Assert.Empty(node.Store.Open(PsrdBlocks.Pool));
            Assert.Empty(node.Disk.List());
            Assert.True(node.Store.Knows(PsrdBlocks.Pool, _blocks[0]));
            Assert.All(node.Disk.DurableRemains, remains => Assert.False(remains.AsSpan().ContainsAnyExcept((byte)0)));
        }

        // Books, overwrite, flush, delete, books.
        Assert.Equal(5, steps);

        void RemoveAndErase(SimulatedNode node)
        {
            node.Store.Remove(PsrdBlocks.Pool, _blocks[0]);
            Assert.Empty(node.Store.Open(PsrdBlocks.Pool));
            node.Store.EraseRemoved(TestContext.Current.CancellationToken);
        }
    }

    private void Add(SimulatedNode node) => node.Store.Add(PsrdBlocks.Pool, _blocks[0], _blocks.All[0].Data);

    private static IPsrdBlock Block(SimulatedNode node) => Assert.Single(node.Store.Open(PsrdBlocks.Pool));

    private static byte[] Lease(IPsrdBlock block, long newFloor)
    {
        var bytes = new byte[newFloor - block.Floor];
        block.Lease(newFloor, bytes);
        return bytes;
    }

    /// <summary>Lets the disk be full at each step of an operation in turn; returns how many steps there are.</summary>
    private static int ForEveryStep(Action<SimulatedNode> prepare, Action<SimulatedNode> operation, Action<SimulatedNode> after)
    {
        for (var failing = 0; ; failing++)
        {
            using var node = new SimulatedNode(seed: failing);
            prepare(node);
            var full = node.Power.Steps + failing;
            node.Power.FailsAt = step => step == full;
            var thrown = Record.Exception(() => operation(node));
            node.Power.FailsAt = _ => false;
            if (thrown is null)
            {
                return failing;
            }

            var refusal = Assert.IsType<StorageException>(thrown);
            Assert.StartsWith(refusal.Path + ": The disk is full. Free some space", refusal.Message, StringComparison.Ordinal);
            Assert.StartsWith("/simulated/", refusal.Path, StringComparison.Ordinal);
            after(node);
        }
    }
}
