using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Tests.Unit.Persistence;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Storage;

/// <summary>What was used is in no file of the data directory, the databases' logs included, while the node runs and after a kill.</summary>
[Trait("Tier", "Unit")]
public sealed class ErasureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Invariant_5_Leased_skipped_and_removed_bytes_are_in_no_file()
    {
        var blocks = new PsrdBlocks(seed: 1, 300_000, 200_000, 5000);
        using var storage = OpenHub(_directory);
        var held = blocks.All.Select(block => storage.Psrd.Add(PsrdBlocks.Pool, block.Id, block.Data)).ToList();
        Assert.True(_directory.Holds(blocks.All[0].Data));

        var leased = new byte[70_000];
        held[0].Lease(leased.Length, leased);
        held[0].Skip(100_000);
        held[1].Lease(4096, new byte[4096]);
        storage.Psrd.Remove(PsrdBlocks.Pool, blocks[1]);
        storage.Psrd.EraseRemoved(TestContext.Current.CancellationToken);

        byte[][] gone = [blocks.All[0].Data[..100_000], blocks.All[1].Data];
        Assert.Equal(blocks.All[0].Data[..leased.Length], leased);
        Assert.False(_directory.Holds(gone));
        Assert.True(_directory.Holds(blocks.All[0].Data[100_000..]));
        Assert.True(_directory.Holds(blocks.All[2].Data));
        using var copy = _directory.Copy();
        using (OpenHub(copy))
        {
            Assert.False(copy.Holds(gone));
        }
    }

    [Fact]
    public void A_large_block_is_given_up_at_once_and_erased_later()
    {
        var blocks = new PsrdBlocks(seed: 1, 300_000, 60_000);
        var storage = OpenHub(_directory);
        var large = storage.Psrd.Add(PsrdBlocks.Pool, blocks[0], blocks.All[0].Data);
        storage.Psrd.Add(PsrdBlocks.Pool, blocks[1], blocks.All[1].Data);
        storage.Psrd.Remove(PsrdBlocks.Pool, blocks[0]);
        storage.Psrd.Remove(PsrdBlocks.Pool, blocks[1]);

        Assert.Empty(storage.Psrd.Open(PsrdBlocks.Pool));
        Assert.ThrowsAny<InvalidOperationException>(() => large.Lease(100, new byte[100]));
        Assert.True(storage.Psrd.Knows(PsrdBlocks.Pool, blocks[0]));
        Assert.True(_directory.Holds(blocks.All[0].Data));
        Assert.False(_directory.Holds([blocks.All[1].Data]));
        using var copy = _directory.Copy();
        storage.Dispose();

        // Killed or stopped, the next start finds what is left to do, and does not do it before it can answer.
        foreach (var directory in new[] { copy, _directory })
        {
            using var restarted = OpenHub(directory);
            Assert.Empty(restarted.Psrd.Open(PsrdBlocks.Pool));
            Assert.Throws<ArgumentException>(() => restarted.Psrd.Add(PsrdBlocks.Pool, blocks[0], [1]));
            Assert.True(directory.Holds(blocks.All[0].Data));
            restarted.Psrd.EraseRemoved(TestContext.Current.CancellationToken);
            Assert.False(directory.Holds([blocks.All[0].Data]));
            Assert.Empty(Directory.GetFiles(directory["blocks"]));
        }
    }

    [Fact]
    public void An_erasure_that_is_called_off_goes_on_later()
    {
        var blocks = new PsrdBlocks(seed: 1, 300_000);
        using var storage = OpenHub(_directory);
        storage.Psrd.Add(PsrdBlocks.Pool, blocks[0], blocks.All[0].Data);
        storage.Psrd.Remove(PsrdBlocks.Pool, blocks[0]);

        Assert.ThrowsAny<OperationCanceledException>(() => storage.Psrd.EraseRemoved(new CancellationToken(canceled: true)));
        Assert.True(_directory.Holds(blocks.All[0].Data));
        storage.Psrd.EraseRemoved(TestContext.Current.CancellationToken);
        Assert.Empty(Directory.GetFiles(_directory["blocks"]));
    }

    [Fact]
    public void Invariant_5_A_block_whose_addition_fails_is_in_no_file()
    {
        var blocks = new PsrdBlocks(seed: 1, 500_000);
        using var storage = OpenHub(_directory);

        Assert.Throws<NotSupportedException>(() => storage.Psrd.Add(PsrdBlocks.Pool, blocks[0], 600_000, (offset, piece) =>
        {
            blocks.All[0].Data.AsSpan((int)offset, Math.Min(piece.Length, 500_000 - (int)offset)).CopyTo(piece);
            if (offset + piece.Length >= 500_000)
            {
                throw new NotSupportedException();
            }
        }));

        Assert.False(_directory.Holds(blocks.All[0].Data));
        Assert.Empty(Directory.GetFiles(_directory["blocks"]));
    }

    [Fact]
    public async Task Removed_shares_are_in_no_file()
    {
        var values = new PsrdBlocks(seed: 1, [.. Enumerable.Repeat(64, 20), .. Enumerable.Repeat(3000, 20)]).All.Select(block => block.Data).ToArray();
        var storage = OpenHub(_directory);
        var shares = new List<ShareRecord>();
        foreach (var value in values)
        {
            using var secret = SecretBytes.CopyOf(value);
            shares.Add(HubStateStoreExtensions.Waiting(new Guid(shares.Count, 0, 0, new byte[8]), secret));
            await storage.State.SaveShareAsync(shares[^1]);
        }

        Assert.All(values, value => Assert.True(_directory.Holds([value])));
        var (removed, kept) = (values[10..30], values[..10].Concat(values[30..]).ToArray());
        shares[10..30].ForEach(storage.State.RemoveShare);
        Assert.Equal(20, storage.State.LoadShares().Count);

        Assert.False(_directory.Holds(removed));
        Assert.True(_directory.Holds([values[0]]));
        using var copy = _directory.Copy();
        using (var killed = OpenHub(copy))
        {
            Assert.Equal(
                kept.Select(Convert.ToHexString).Order(StringComparer.Ordinal),
                killed.State.LoadShares().Select(share => Convert.ToHexString(share.Value.Span)).Order(StringComparer.Ordinal));
        }

        storage.Dispose();
        Assert.False(_directory.Holds(removed));
    }

    [Fact]
    public async Task A_share_is_removed_soon_though_nothing_else_happens()
    {
        var value = "a share, and no other bytes are like it"u8.ToArray();
        using var storage = OpenHub(_directory);
        using var secret = SecretBytes.CopyOf(value);
        var share = HubStateStoreExtensions.Waiting(Guid.Empty, secret);
        await storage.State.SaveShareAsync(share);
        Assert.True(_directory.Holds([value]));

        storage.State.RemoveShare(share);

        while (_directory.Holds([value]))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Everything_that_was_durable_is_there_after_a_kill()
    {
        var blocks = new PsrdBlocks(seed: 1, 10_000, 10_000);
        using var storage = OpenHub(_directory);
        foreach (var (id, data) in blocks.All)
        {
            storage.Psrd.Add(PsrdBlocks.Pool, id, data, confirmed: false);
        }

        storage.Psrd.Open(PsrdBlocks.Pool)[0].Lease(700, new byte[700]);
        storage.Psrd.Open(PsrdBlocks.Pool)[1].Confirm();
        storage.State.SaveRegistration(new RegistrationRecord(NodeName.Parse("carol"), [SaeId.Parse("sam")], null, true));
        using var secret = SecretBytes.CopyOf([1, 2, 3]);
        await storage.State.SaveShareAsync(HubStateStoreExtensions.Waiting(Guid.Empty, secret));

        using var copy = _directory.Copy();
        using var killed = OpenHub(copy);

        Assert.Equal(storage.State.Instance, killed.State.Instance);
        Assert.Equal([(700L, false), (0L, true)], killed.Psrd.Open(PsrdBlocks.Pool).Select(block => (block.Floor, block.IsConfirmed)));
        Assert.Equal("sam", Assert.Single(killed.State.LoadRegistrations()).Encryptors[0].Value);
        Assert.Equal([1, 2, 3], Assert.Single(killed.State.LoadShares()).Value.Span.ToArray());
    }

    private static HubStorage OpenHub(TemporaryDirectory directory) => HubStorage.Open(directory.Path, SystemEntropySource.Instance);
}
