using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class AdaptiveProportionTests
{
    private const int Window = 512;
    private const int Cutoff = 62;

    /// <summary>The table of SP 800-90B section 4.4.2, and values in between, computed with 400 digits.</summary>
    [Theory]
    [InlineData(0.2, 1024, 941)]
    [InlineData(0.4, 1024, 840)]
    [InlineData(0.6, 1024, 748)]
    [InlineData(0.8, 1024, 664)]
    [InlineData(1, 1024, 589)]
    [InlineData(0.1, 512, 502)]
    [InlineData(0.5, 512, 410)]
    [InlineData(1, 512, 311)]
    [InlineData(2, 512, 177)]
    [InlineData(3, 512, 103)]
    [InlineData(4, 512, 62)]
    [InlineData(5, 512, 39)]
    [InlineData(6, 512, 25)]
    [InlineData(7, 512, 18)]
    [InlineData(7.5, 512, 15)]
    [InlineData(8, 512, 13)]
    public void The_cutoff_is_that_of_SP_800_90B(double minEntropy, int window, int cutoff)
        => Assert.Equal(cutoff, AdaptiveProportionTest.ComputeCutoff(minEntropy, window));

    [Fact]
    public void One_short_of_the_cutoff_passes_in_every_window_however_close()
    {
        // At the end of one window and at the beginning of the next: twice the cutoff in a row, and still no window has too many.
        var test = new AdaptiveProportionTest(Cutoff, Window);
        byte[] first = [7, .. Others(Window - Cutoff + 1), .. Enumerable.Repeat<byte>(7, Cutoff - 2)];
        byte[] second = [.. Enumerable.Repeat<byte>(7, Cutoff - 1), .. Others(Window - Cutoff + 1)];

        Assert.Equal((Window, Window), (first.Length, second.Length));
        Assert.All(first.Concat(second), sample => Assert.True(test.Add(sample)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Window - Cutoff + 1)]
    public void The_cutoff_fails_wherever_in_the_window(int start)
    {
        var test = new AdaptiveProportionTest(Cutoff, Window);
        Assert.All(Others(Window), sample => Assert.True(test.Add(sample)));

        Assert.True(test.Add(7));
        Assert.All(Others(start - 1), sample => Assert.True(test.Add(sample)));
        Assert.All(Enumerable.Repeat<byte>(7, Cutoff - 2), sample => Assert.True(test.Add(sample)));
        Assert.False(test.Add(7));
    }

    [Fact]
    public void Only_the_first_value_of_a_window_is_counted()
    {
        var test = new AdaptiveProportionTest(Cutoff, Window);

        Assert.True(test.Add(1));
        Assert.All(Enumerable.Repeat<byte>(7, Window - 1), sample => Assert.True(test.Add(sample)));
        Assert.All(Enumerable.Repeat<byte>(7, Cutoff - 1), sample => Assert.True(test.Add(sample)));
        Assert.False(test.Add(7));
    }

    private static IEnumerable<byte> Others(int count) => Enumerable.Range(0, count).Select(i => (byte)(100 + (i % 100)));
}
