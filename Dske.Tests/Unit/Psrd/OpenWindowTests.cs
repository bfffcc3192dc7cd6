using CsCheck;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class OpenWindowTests
{
    [Fact]
    public void Every_byte_is_used_once_and_erased_with_it() =>
        Gen.Select(Gen.Int[1, 300], Gen.Select(Gen.Int[0, 299], Gen.Int[1, 130]).Array[0, 40]).Sample((size, runs) =>
        {
            var data = Enumerable.Range(1, size).Select(i => (byte)((i % 255) + 1)).ToArray();
            var used = new bool[size];
            using var window = new OpenWindow(1000, data);

            foreach (var (offset, count) in runs.Where(run => run.Item1 + run.Item2 <= size))
            {
                var expected = !used.AsSpan(offset, count).Contains(true);
                Assert.Equal(expected, window.IsUnused(offset, count));
                if (expected)
                {
                    var bytes = new byte[count];
                    window.Use(offset, count, count % 3 == 0 ? default : bytes);
                    Assert.Equal(count % 3 == 0 ? new byte[count] : data.AsSpan(offset, count).ToArray(), bytes);
                    used.AsSpan(offset, count).Fill(true);
                }

                Assert.Equal(used.Count(byteIsUsed => !byteIsUsed), window.Unused);
            }

            var left = new byte[size];
            window.Read(0, left);
            Assert.Equal(data.Zip(used, (value, isUsed) => isUsed ? (byte)0 : value), left);
            Assert.Equal((1000, size), (window.Start, window.Size));
        });

    [Fact]
    public void Using_bytes_twice_does_not_count_them_twice()
    {
        using var window = new OpenWindow(0, new byte[100]);

        window.Use(0, 50, default);
        window.Use(25, 50, default);

        Assert.Equal(25, window.Unused);
    }

    [Fact]
    public void Invariant_5_A_disposed_window_holds_nothing()
    {
        var blocks = new PsrdBlocks(seed: 1, 70_000);
        var window = new OpenWindow(0, blocks.All[0].Data);

        window.Dispose();

        Assert.False(ReachableMemory.Holds([blocks.All[0].Data], window));
    }
}
