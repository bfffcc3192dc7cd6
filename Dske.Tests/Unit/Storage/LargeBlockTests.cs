using Dske.Protocol.Psrd;
using Dske.Storage.Databases;
using Dske.Storage.Files;
using Dske.Storage.Psrd;
using Dske.Tests.Unit.Psrd;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Unit.Storage;

/// <summary>Runs alone: it measures the memory of the whole process.</summary>
[CollectionDefinition(nameof(LargeBlockTests), DisableParallelization = true)]
public sealed class LargeBlockMeasurement;

[Trait("Tier", "Unit")]
[Collection(nameof(LargeBlockTests))]
public sealed class LargeBlockTests : IDisposable
{
    private const long Size = 1L << 30;
    private const long MaxGrowth = 300L << 20;

    private readonly TemporaryDirectory _directory = new();

    public LargeBlockTests() => Directory.CreateDirectory(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_block_of_1_GiB_is_added_leased_and_used_up_piece_by_piece_at_a_flat_cost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Peak memory is read from /proc.");
        var files = new CountedFiles(new DiskFiles(_directory.Path));
        using var database = Database.Open(_directory["psrd.db"], PsrdDatabase.Schema, _ => { });
        using var store = new BlockStore(files, new SqliteBlockLedger(database), TimeProvider.System);
        var id = Guid.Parse("0c0b7f0e-7f1e-4d7f-9a58-1f6ad1a4f8b1");
        GC.Collect();
        PeakMemory.Reset();
        var before = PeakMemory.Now;

        var block = store.Add(PsrdBlocks.Pool, id, Size, Fill, confirmed: true);
        var window = WindowGrid.WindowSize(Size);
        var costs = new HashSet<(long, long, int)>();
        var (small, large) = (new byte[window], new byte[4 << 20]);
        while (block.Floor < Size)
        {
            // Single windows at the beginning, in the middle and at the end; large steps in between.
            var nearby = block.Floor % (Size / 4) < 8 * window || Size - block.Floor <= large.Length;
            var bytes = nearby ? small : large;
            var from = block.Floor;
            files.Reset();
            block.Lease(from + bytes.Length, bytes);
            AssertContent(from, bytes);
            if (nearby)
            {
                costs.Add(files.Traffic);
            }
        }

        store.Remove(PsrdBlocks.Pool, id);

        Assert.Equal([(window, window, 1)], costs);
        Assert.Empty(Directory.GetFiles(_directory.Path, "*.psrd"));
        Assert.True(PeakMemory.Peak - before < MaxGrowth, $"The peak of memory rose by {PeakMemory.Peak - before} bytes.");
    }

    /// <summary>Fills with something that says where it belongs.</summary>
    private static void Fill(long offset, Span<byte> piece)
    {
        for (var i = 0; i < piece.Length; i += sizeof(long))
        {
            BitConverter.TryWriteBytes(piece[i..], Word(offset + i));
        }
    }

    private static void AssertContent(long offset, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i += 4096)
        {
            // An assertion for each would leave garbage, and the test measures memory.
            if (BitConverter.ToInt64(bytes[i..]) != Word(offset + i))
            {
                Assert.Fail($"Wrong bytes at {offset + i}.");
            }
        }
    }

    private static long Word(long position) => unchecked((position + 1) * -7046029254386353131L);
}
