using CsCheck;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class AllocationTests
{
    private static readonly Guid Block = Guid.Parse("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c");

    [Fact]
    public void Whatever_is_written_is_read_back_in_its_order() =>
        Gen.Select(Gen.Guid, Gen.Long[0, 1000], Gen.Long[1, 1000]).Select(f => new Fragment(f.Item1, f.Item2, f.Item3)).Array[1, 20].Sample(fragments =>
        {
            var written = new Allocation(fragments);

            Assert.Equal(string.Join(',', fragments), written.ToString());
            Assert.True(Allocation.TryParse(written.ToString(), fragments.Length, out var read));
            Assert.Equal(fragments, read.Fragments.ToArray());
            Assert.Equal(fragments.Sum(fragment => fragment.Size), read.Size);
            Assert.False(Allocation.TryParse(written.ToString(), fragments.Length - 1, out _));
        });

    [Fact]
    public void The_fragments_are_copied()
    {
        var fragments = new[] { new Fragment(Block, 0, 1) };
        var allocation = new Allocation(fragments);

        fragments[0] = new Fragment(Block, 5, 5);

        Assert.Equal(new Fragment(Block, 0, 1), allocation.Fragments[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:1,")]
    [InlineData(",b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:1")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:1,,b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:1:1")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:1;b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:1:1")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:1, b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:1:1")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:1,b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:1:0")]
    public void Anything_but_fragments_between_single_commas_is_refused(string text)
    {
        Assert.False(Allocation.TryParse(text, 10, out var allocation));
        Assert.Null(allocation);
    }

    [Fact]
    public void Commas_without_end_are_refused_before_anything_is_made_of_them()
    {
        var commas = new string(',', 10_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(Allocation.TryParse(commas, Allocation.MaxPadFragments, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Invariant_3_Sizes_that_add_up_to_nothing_sensible_have_no_size()
    {
        Assert.Equal(0, SizeOf());
        Assert.Equal(0, SizeOf(0));
        Assert.Equal(int.MaxValue, SizeOf(int.MaxValue));
        Assert.Equal(2L * int.MaxValue, SizeOf(int.MaxValue, int.MaxValue));
        Assert.Equal(-1, SizeOf(-1));
        Assert.Equal(-1, SizeOf(33, -1));
        Assert.Equal(-1, SizeOf(long.MinValue));
        Assert.Equal(-1, SizeOf(long.MaxValue, long.MaxValue));
        Assert.Equal(-1, SizeOf(32, 1L + int.MaxValue));

        static long SizeOf(params long[] sizes) => new Allocation([.. sizes.Select(size => new Fragment(Block, 0, size))]).Size;
    }

    [Fact]
    public void As_many_fragments_as_a_pad_may_have_never_overflow()
    {
        var fragments = Enumerable.Repeat(new Fragment(Block, long.MaxValue, int.MaxValue), Allocation.MaxPadFragments).ToArray();

        Assert.Equal((long)Allocation.MaxPadFragments * int.MaxValue, new Allocation(fragments).Size);
    }
}
