using Dske.Protocol.Fields;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

/// <summary>Fewer shares than the threshold look the same whatever the secret is.</summary>
[Trait("Tier", "Unit")]
public sealed class SecrecyTests
{
    private const int SecretLength = 256;

    [Theory]
    [InlineData(2, 0x00)]
    [InlineData(3, 0x00)]
    [InlineData(3, 0xFF)]
    [InlineData(3, 0x5A)]
    public void A_share_of_a_fixed_secret_is_uniformly_distributed(int threshold, byte fill)
    {
        var counts = Enumerable.Range(0, 5).Select(_ => new int[256]).ToArray();

        SplitManyTimes(threshold, fill, shares =>
        {
            foreach (var share in shares)
            {
                foreach (var value in share.Value.Span)
                {
                    counts[share.Index][value]++;
                }
            }
        });

        Assert.All(counts, AssertUniform);
    }

    [Theory]
    [InlineData(3, 0x00)]
    [InlineData(3, 0xFF)]
    [InlineData(4, 0x00)]
    [InlineData(4, 0xFF)]
    public void Two_shares_of_a_fixed_secret_are_independent(int threshold, byte fill)
    {
        var pairs = Subsets.OfSize([0, 1, 2, 3, 4], 2).ToArray();
        var counts = pairs.Select(_ => new int[256]).ToArray();

        SplitManyTimes(threshold, fill, shares =>
        {
            for (var pair = 0; pair < pairs.Length; pair++)
            {
                // The upper half of each byte: 256 cells instead of 65,536.
                var first = shares[pairs[pair][0]].Value.Span;
                var second = shares[pairs[pair][1]].Value.Span;
                for (var i = 0; i < first.Length; i++)
                {
                    counts[pair][(first[i] & 0xF0) | (second[i] >> 4)]++;
                }
            }
        });

        Assert.All(counts, AssertUniform);
    }

    [Fact]
    public void As_many_shares_as_the_threshold_are_not_independent()
    {
        // The test above can fail: with the other two known, a third share follows from a fixed secret.
        var counts = new int[256];
        byte[] coordinates = [0, 1, 2];
        var weights = new byte[3];
        Lagrange.ComputeWeights(coordinates, ShamirScheme.SecretCoordinate, weights);

        SplitManyTimes(3, 0x5A, shares =>
        {
            var value = 0;
            for (var i = 0; i < 3; i++)
            {
                value ^= Gf256.Multiply(weights[i], shares[i].Value.Span[100]);
            }

            counts[value]++;
        });

        Assert.Equal([0x5A], Enumerable.Range(0, 256).Where(value => counts[value] > 0));
    }

    [Fact]
    public void One_share_short_of_the_threshold_every_byte_of_the_secret_is_still_possible()
    {
        // Whatever k-1 shares hold, each value of the missing one gives another value of the secret.
        foreach (var coordinates in Subsets.OfSize<byte>([0, 1, 2, 3, 4], 3))
        {
            var weights = new byte[3];
            Lagrange.ComputeWeights(coordinates, ShamirScheme.SecretCoordinate, weights);
            for (var known = 0; known < 65_536; known += 257)
            {
                var fixedPart = Gf256.Multiply(weights[0], (byte)known) ^ Gf256.Multiply(weights[1], (byte)(known >> 8));
                var secrets = Enumerable.Range(0, 256).Select(missing => fixedPart ^ Gf256.Multiply(weights[2], (byte)missing));
                Assert.Equal(256, secrets.Distinct().Count());
            }
        }
    }

    private static void SplitManyTimes(int threshold, byte fill, Action<Share[]> look)
    {
        var scheme = new ShamirScheme(5, threshold);
        var entropy = new SeededEntropySource(2026);
        var secret = new byte[SecretLength];
        Array.Fill(secret, fill);
        for (var i = 0; i < 400; i++)
        {
            var shares = scheme.Split(secret, entropy);
            look(shares);
            Array.ForEach(shares, share => share.Dispose());
        }
    }

    // Pearson's chi-squared: with 255 degrees of freedom the mean is 255, the standard deviation 22.6. The draws are the same in
    // every run, so that a bound of five deviations is never crossed by chance.
    private static void AssertUniform(int[] counts)
    {
        var expected = (double)counts.Sum() / counts.Length;
        var statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);

        Assert.Equal(400 * SecretLength, counts.Sum());
        Assert.InRange(statistic, 255 - (5 * 22.6), 255 + (5 * 22.6));
    }
}
