using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class RepetitionCountTests
{
    [Theory]
    [InlineData(0.1, 201)]
    [InlineData(0.5, 41)]
    [InlineData(1, 21)]
    [InlineData(2, 11)]
    [InlineData(3, 8)]
    [InlineData(4, 6)]
    [InlineData(6.7, 4)]
    [InlineData(8, 4)]
    public void The_cutoff_is_that_of_SP_800_90B(double minEntropy, int cutoff)
        => Assert.Equal(cutoff, RepetitionCountTest.ComputeCutoff(minEntropy));

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(201)]
    public void A_run_one_short_of_the_cutoff_passes_and_a_run_of_it_fails(int cutoff)
    {
        var test = new RepetitionCountTest(cutoff);

        Assert.All(Enumerable.Repeat<byte>(0, cutoff - 1), sample => Assert.True(test.Add(sample)));
        Assert.True(test.Add(1));
        Assert.All(Enumerable.Repeat<byte>(0, cutoff - 1), sample => Assert.True(test.Add(sample)));
        Assert.False(test.Add(0));
    }

    [Fact]
    public void Every_value_counts()
    {
        Assert.All(Enumerable.Range(byte.MinValue, 256), value =>
        {
            var test = new RepetitionCountTest(3);
            Assert.True(test.Add((byte)value));
            Assert.True(test.Add((byte)value));
            Assert.False(test.Add((byte)value));
        });
    }
}
