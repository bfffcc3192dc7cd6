using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

/// <summary>Secrets that are shared a stretch after the other, by every kernel.</summary>
[Trait("Tier", "Unit")]
public sealed class LongSecretTests
{
    private const int Stretch = LinearCombination.StretchLength;

    // Around the ends of stretches, and of the digest in front of the first one.
    public static TheoryData<int> Lengths => [Stretch - 1, Stretch, Stretch + 1, Stretch + 4, (2 * Stretch) - 4, 2 * Stretch, (3 * Stretch) + 77];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_kernel_makes_the_same_shares_and_rebuilds_the_secret(int length)
    {
        var secret = new byte[length];
        new Random(length).NextBytes(secret);
        foreach (var (n, k) in new[] { (2, 2), (5, 3), (5, 4), (16, 9) })
        {
            var expected = Share(n, k, Gf256Kernel.Scalar, secret);
            foreach (var kernel in Gf256Kernel.Supported)
            {
                var shares = Share(n, k, kernel, secret);
                Assert.All(shares.Zip(expected), pair => Assert.True(pair.First.Value.FixedTimeEquals(pair.Second.Value)));

                var scheme = new ShamirScheme(n, k) { Kernel = kernel };
                Assert.Equal(CombineOutcome.Combined, scheme.Combine(shares.AsSpan(n - k), out var rebuilt));
                Assert.True(rebuilt!.Span.SequenceEqual(secret));
                rebuilt.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(Stretch - 1)]
    [InlineData(Stretch)]
    [InlineData((2 * Stretch) + 5)]
    public void A_wrong_byte_in_any_stretch_is_noticed_and_found(int place)
    {
        var scheme = new ShamirScheme(5, 3);
        var secret = new byte[(2 * Stretch) + 6];
        new Random(place).NextBytes(secret);
        var shares = scheme.Split(secret, SystemEntropySource.Instance);
        shares[1].Value.Span[place] ^= 0x40;
        shares[4].Value.Span[place] ^= 0x01;

        Assert.Equal(CombineOutcome.DigestMismatch, scheme.Combine(shares.AsSpan(0, 3), out _));

        using var collector = new ShareCollector(scheme);
        foreach (var share in shares)
        {
            collector.Add(share);
        }

        Assert.Equal([1, 4], collector.WrongIndexes);
        using var rebuilt = collector.TakeSecret();
        Assert.True(rebuilt.Span.SequenceEqual(secret));
    }

    private static Share[] Share(int n, int k, Gf256Kernel kernel, byte[] secret)
        => new ShamirScheme(n, k) { Kernel = kernel }.Split(secret, new SeededEntropySource(secret.Length));
}
