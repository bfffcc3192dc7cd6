using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Entropy;

namespace Dske.Tests.Services.ServiceDefaults;

[Trait("Tier", "Services")]
public sealed class EntropyOptionsTests
{
    [Theory]
    [InlineData(null, 4)]
    [InlineData("/dev/urandom", 0.1)]
    [InlineData("/var/lib/random bytes", 8)]
    public void Good_settings_have_no_problems(string? source, double minEntropy)
        => Assert.True(new EntropyOptionsValidator().Validate(null, new EntropyOptions { Source = source, MinEntropyPerByte = minEntropy }).Succeeded);

    [Fact]
    public void Defaults_are_good() => Assert.True(new EntropyOptionsValidator().Validate(null, new EntropyOptions()).Succeeded);

    [Theory]
    [InlineData("urandom", 0.0, 0)]
    [InlineData("", 8.1, 61)]
    [InlineData("../random", double.NaN, -1)]
    public void All_problems_are_reported_at_once_each_with_its_key(string source, double minEntropy, int seconds)
    {
        var options = new EntropyOptions { Source = source, MinEntropyPerByte = minEntropy, ReadTimeout = TimeSpan.FromSeconds(seconds) };

        Assert.Equal(
            ["Dske:Entropy:MinEntropyPerByte", "Dske:Entropy:ReadTimeout", "Dske:Entropy:Source"],
            OptionsProblems.KeysOf(new EntropyOptionsValidator().Validate(null, options)));
    }

    [Fact]
    public void The_range_of_the_claim_is_that_of_the_protocol()
    {
        Assert.True(Claim(MixedEntropySource.LowestMinEntropy));
        Assert.True(Claim(MixedEntropySource.HighestMinEntropy));
        Assert.False(Claim(Math.BitDecrement(MixedEntropySource.LowestMinEntropy)));
        Assert.False(Claim(Math.BitIncrement(MixedEntropySource.HighestMinEntropy)));

        static bool Claim(double minEntropy)
            => new EntropyOptionsValidator().Validate(null, new EntropyOptions { MinEntropyPerByte = minEntropy }).Succeeded;
    }

    [Fact]
    public void A_file_is_read_on_from_where_it_stands()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [1, 2, 3, 4, 5]);
            using var source = new EntropyOptions { Source = path }.OpenSource();
            var bytes = new byte[3];

            source.ReadExactly(bytes);
            Assert.Equal([1, 2, 3], bytes);
            Assert.Equal(2, source.ReadAtLeast(bytes, 3, throwOnEndOfStream: false));
            Assert.Equal([4, 5], bytes[..2]);
            Assert.Equal(0, source.Read(bytes));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_is_not_there_or_not_a_file_cannot_be_opened()
    {
        Assert.Throws<InvalidOperationException>(() => new EntropyOptions().OpenSource());
        Assert.ThrowsAny<IOException>(() => new EntropyOptions { Source = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()) }.OpenSource());
        Assert.Throws<UnauthorizedAccessException>(() => new EntropyOptions { Source = Path.GetTempPath() }.OpenSource());
    }
}
