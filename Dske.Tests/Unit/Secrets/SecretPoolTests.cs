using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class SecretPoolTests
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData(32)]
    [InlineData(4096)]
    [InlineData(MiB)]
    [InlineData(SecretPool.LargestPooled)]
    public void What_comes_back_is_zeroed_and_handed_out_again(int length)
    {
        var pool = new SecretPool();
        var buffer = pool.Rent(length);
        buffer.AsSpan().Fill(0xA5);

        pool.Return(buffer);

        Assert.DoesNotContain(buffer, element => element != 0);
        Assert.Same(buffer, pool.Rent(length));
        Assert.NotSame(buffer, pool.Rent(length));
    }

    [Fact]
    public void At_most_16_MiB_of_long_buffers_are_kept()
    {
        var pool = new SecretPool();
        var buffers = Enumerable.Range(0, 40).Select(_ => pool.Rent(MiB)).ToHashSet();
        foreach (var buffer in buffers)
        {
            pool.Return(buffer);
        }

        Assert.Equal(16, Enumerable.Range(0, 40).Count(_ => buffers.Contains(pool.Rent(MiB))));
    }

    [Fact]
    public void What_is_longer_than_the_longest_key_is_not_kept()
    {
        var pool = new SecretPool();
        var buffer = pool.Rent(SecretPool.LargestPooled + 1);
        pool.Return(buffer);

        Assert.NotSame(buffer, pool.Rent(SecretPool.LargestPooled + 1));
    }
}
