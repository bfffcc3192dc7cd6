using CsCheck;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class WindowGridTests
{
    [Theory]
    [InlineData(1, 512)]
    [InlineData(512, 512)]
    [InlineData(64 * 512, 512)]
    [InlineData((64 * 513) - 1, 512)]
    [InlineData(64 * 513, 513)]
    [InlineData(262_144, 4096)]
    [InlineData(64 * 65_536, 65_536)]
    [InlineData(1L << 30, 65_536)]
    [InlineData(long.MaxValue, 65_536)]
    public void A_window_is_a_64th_of_its_block_within_bounds(long blockSize, int windowSize)
    {
        Assert.Equal(windowSize, WindowGrid.WindowSize(blockSize));
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(511, 510, 511)]
    [InlineData(513, 511, 512)]
    [InlineData(513, 512, 513)]
    [InlineData(262_144, 0, 4096)]
    [InlineData(262_144, 4095, 4096)]
    [InlineData(262_144, 4096, 8192)]
    [InlineData(long.MaxValue, long.MaxValue - 1, long.MaxValue)]
    public void A_window_ends_on_the_grid_or_with_its_block(long blockSize, long position, long end)
    {
        Assert.Equal(end, WindowGrid.WindowEnd(blockSize, position));
    }

    [Fact]
    public void The_windows_of_a_block_follow_each_other_without_a_gap() =>
        Gen.Long[1, 8_000_000].Sample(blockSize =>
        {
            var window = WindowGrid.WindowSize(blockSize);
            long position = 0;
            while (position < blockSize)
            {
                var end = WindowGrid.WindowEnd(blockSize, position);

                Assert.InRange(end - position, Math.Min(window, blockSize - position), window);
                Assert.Equal(end, WindowGrid.WindowEnd(blockSize, end - 1));
                position = end;
            }

            Assert.Equal(blockSize, position);
        });
}
