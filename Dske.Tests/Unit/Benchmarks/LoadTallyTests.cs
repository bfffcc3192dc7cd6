using Dske.Benchmarks.Load;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class LoadTallyTests
{
    [Fact]
    public void What_workers_counted_adds_up()
    {
        var (one, other, sum) = (new LoadTally(), new LoadTally(), new LoadTally());
        one.AddExchange(pairs: 2, TimeSpan.FromMilliseconds(3));
        one.AddError("enc_keys 503");
        one.AddError("enc_keys 503");
        other.AddExchange(pairs: 2, TimeSpan.FromMilliseconds(1));
        other.AddError("enc_keys 503");
        other.AddError("dec_keys timeout");
        other.AddUnequal(1);

        sum.Add(one);
        sum.Add(other);
        sum.Sort();

        Assert.Equal((4, 1), (sum.Pairs, sum.Unequal));
        Assert.Equal([TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(3)], sum.Latencies.ToArray());
        Assert.Equal([new("dec_keys timeout", 1), new("enc_keys 503", 3)], sum.Errors);
    }
}
