using System.Numerics;
using CsCheck;
using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

[Trait("Tier", "Unit")]
public sealed class ErrorLocatorTests
{
    [Fact]
    public void It_finds_every_set_that_fits_together_and_no_other() => (
        from n in Gen.Int[2, 10]
        from k in Gen.Int[2, n]
        from wrong in Gen.Int[0, n]
        from independent in Gen.Bool
        from length in Gen.Int[4, 12]
        from seed in Gen.Int
        select (n, k, wrong, independent, length, seed)).Sample(network =>
    {
        var (n, k, wrong, independent, length, seed) = network;
        var random = new Random(seed);
        var shares = new ShamirScheme(n, k).Split(new byte[length], new SeededEntropySource(seed));
        random.Shuffle(shares);
        var offset = new byte[length];
        random.NextBytes(offset);
        foreach (var share in shares[..wrong])
        {
            if (independent)
            {
                random.NextBytes(offset);
            }

            Gf256.MultiplyAdd((byte)random.Next(1, 4), offset, share.Value.Span);
        }

        random.Shuffle(shares);
        using var locator = new ErrorLocator(shares, k);
        var found = new List<ushort>();
        Assert.False(locator.Search(indexes =>
        {
            found.Add(indexes);
            return false;
        }));

        var expected = Enumerable.Range(0, 1 << n)
            .Where(set => BitOperations.PopCount((uint)set) >= Math.Max(k + 1, n - locator.MaxErrors))
            .Where(set => FitTogether([.. shares.Where(share => ((set >> share.Index) & 1) != 0)], k))
            .Select(set => (ushort)set);
        Assert.Equal(expected.Order(), found.Order());
        Assert.Equal(found.Select(set => BitOperations.PopCount(set)), found.Select(set => BitOperations.PopCount(set)).OrderDescending());
    });

    [Theory]
    [InlineData(5, 3, 1)]
    [InlineData(5, 2, 1)]
    [InlineData(4, 3, 0)]
    [InlineData(16, 8, 7)]
    [InlineData(16, 2, 7)]
    [InlineData(16, 9, 6)]
    [InlineData(16, 15, 0)]
    public void It_looks_for_as_many_errors_as_can_show(int shareCount, int threshold, int maxErrors)
    {
        var shares = new ShamirScheme(shareCount, threshold).Split(new byte[32], new SeededEntropySource(1));
        using var locator = new ErrorLocator(shares, threshold);

        Assert.Equal(maxErrors, locator.MaxErrors);
    }

    [Fact]
    public void What_comes_first_is_suspected_first()
    {
        // Shares 0 and 1 are off by a polynomial that is zero at 2 and 3: with these they fit together as well as 4 and 5 do. Since they
        // are off by the same, they also fit with 4 and 5, where another one takes that value.
        var shares = new ShamirScheme(6, 3).Split(new byte[32], new SeededEntropySource(2));
        foreach (var share in shares[..2])
        {
            share.Value.Span[0] ^= Gf256.Multiply(Gf256.Add((byte)share.Index, 2), Gf256.Add((byte)share.Index, 3));
        }

        Assert.Equal([0b001111, 0b110011, 0b111100], Find([.. shares.Reverse()]));
        Assert.Equal([0b111100, 0b110011, 0b001111], Find(shares));

        static List<ushort> Find(Share[] shares)
        {
            var found = new List<ushort>();
            using var locator = new ErrorLocator(shares, 3);
            locator.Search(indexes =>
            {
                found.Add(indexes);
                return false;
            });
            return found;
        }
    }

    // What the first k say the others would have to be.
    private static bool FitTogether(Share[] shares, int threshold)
    {
        Span<byte> coordinates = [.. shares[..threshold].Select(share => (byte)share.Index)];
        Span<byte> weights = stackalloc byte[threshold];
        foreach (var share in shares[threshold..])
        {
            Lagrange.ComputeWeights(coordinates, (byte)share.Index, weights);
            using var expected = new SecretBytes(share.Value.Length);
            for (var i = 0; i < threshold; i++)
            {
                Gf256.MultiplyAdd(weights[i], shares[i].Value.Span, expected.Span);
            }

            if (!expected.FixedTimeEquals(share.Value))
            {
                return false;
            }
        }

        return true;
    }
}
