using CsCheck;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

[Trait("Tier", "Unit")]
public sealed class ShamirSchemeTests
{
    // Schemes of at most 9 shares, so that every subset can be tried; secrets of lengths around words.
    private static readonly Gen<(int N, int K, byte[] Secret, int Seed)> Splits =
        from n in Gen.Int[2, 9]
        from k in Gen.Int[2, n]
        from secret in Gen.Byte.Array[4, 70]
        from seed in Gen.Int
        select (n, k, secret, seed);

    [Fact]
    public void Every_threshold_of_shares_rebuilds_the_secret() => Splits.Sample(split =>
    {
        var scheme = new ShamirScheme(split.N, split.K);
        var shares = scheme.Split(split.Secret, new SeededEntropySource(split.Seed));

        foreach (var subset in Subsets.OfSize(shares, split.K))
        {
            Assert.Equal(CombineOutcome.Combined, scheme.Combine(subset, out var secret));
            Assert.Equal(split.Secret, secret!.Span.ToArray());
            secret.Dispose();
        }

        Array.ForEach(shares, share => share.Dispose());
    }, iter: 200);

    [Fact]
    public void More_shares_than_needed_rebuild_it_in_any_order() => Splits.Sample(split =>
    {
        var scheme = new ShamirScheme(split.N, split.K);
        var shares = scheme.Split(split.Secret, new SeededEntropySource(split.Seed));
        var random = new Random(split.Seed);
        random.Shuffle(shares);

        var some = shares.AsSpan(0, random.Next(split.K, split.N + 1));
        Assert.Equal(CombineOutcome.Combined, scheme.Combine(some, out var secret));
        Assert.Equal(split.Secret, secret!.Span.ToArray());
    }, iter: 200);

    [Fact]
    public void One_wrong_byte_in_one_share_is_noticed() => Splits.Sample(split =>
    {
        var scheme = new ShamirScheme(split.N, split.K);
        var shares = scheme.Split(split.Secret, new SeededEntropySource(split.Seed));
        var random = new Random(split.Seed);
        random.Shuffle(shares);
        shares[random.Next(split.K)].Value.Span[random.Next(split.Secret.Length)] ^= (byte)random.Next(1, 256);

        Assert.Equal(CombineOutcome.DigestMismatch, scheme.Combine(shares.AsSpan(0, split.K), out var secret));
        Assert.Null(secret);
    }, iter: 200);

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(16)]
    public void The_greatest_scheme_works_at_every_threshold_tried(int threshold)
    {
        var scheme = new ShamirScheme(16, threshold);
        var key = Enumerable.Range(0, 10_000).Select(i => (byte)(i * 7)).ToArray();

        var shares = scheme.Split(key, SystemEntropySource.Instance);

        Assert.Equal(Enumerable.Range(0, 16), shares.Select(share => share.Index));
        Assert.Equal(CombineOutcome.Combined, scheme.Combine(shares.AsSpan(16 - threshold), out var secret));
        Assert.Equal(key, secret!.Span.ToArray());
    }

    [Theory]
    [InlineData(CombineOutcome.TooFewShares)]
    [InlineData(CombineOutcome.TooFewShares, 0)]
    [InlineData(CombineOutcome.TooFewShares, 0, 1)]
    [InlineData(CombineOutcome.IndexOutOfRange, 0, 1, 5)]
    [InlineData(CombineOutcome.IndexOutOfRange, 0, 1, 16)]
    [InlineData(CombineOutcome.IndexOutOfRange, -1, 1, 2)]
    [InlineData(CombineOutcome.IndexOutOfRange, 0, 254, 2)]
    [InlineData(CombineOutcome.IndexOutOfRange, 0, 1, 255)]
    [InlineData(CombineOutcome.IndexOutOfRange, int.MinValue, 1, 2)]
    [InlineData(CombineOutcome.IndexOutOfRange, 0, 1, 2, 3, 4, 5)]
    [InlineData(CombineOutcome.DuplicateIndex, 0, 1, 1)]
    [InlineData(CombineOutcome.DuplicateIndex, 0, 1, 2, 3, 4, 0)]
    [InlineData(CombineOutcome.DigestMismatch, 0, 1, 2)]
    public void What_a_peer_may_get_wrong_is_an_outcome(CombineOutcome expected, params int[] indexes)
    {
        var shares = indexes.Select(index => new Share(index, SecretBytes.CopyOf([1, 2, 3, 4, 5]))).ToArray();

        Assert.Equal(expected, new ShamirScheme(5, 3).Combine(shares, out var secret));
        Assert.Null(secret);
    }

    [Theory]
    [InlineData(CombineOutcome.LengthMismatch, 4, 4, 5)]
    [InlineData(CombineOutcome.LengthMismatch, 0, 4, 4)]
    [InlineData(CombineOutcome.TooShort, 3, 3, 3)]
    [InlineData(CombineOutcome.TooShort, 0, 0, 0)]
    public void Lengths_that_a_peer_may_get_wrong_are_outcomes(CombineOutcome expected, params int[] lengths)
    {
        var shares = lengths.Select((length, index) => new Share(index, new SecretBytes(length))).ToArray();

        Assert.Equal(expected, new ShamirScheme(5, 3).Combine(shares, out var secret));
        Assert.Null(secret);
    }

    [Fact]
    public void Misuse_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>("threshold", () => new ShamirScheme(5, 1));
        Assert.Throws<ArgumentOutOfRangeException>("threshold", () => new ShamirScheme(5, -1));
        Assert.Throws<ArgumentOutOfRangeException>("shareCount", () => new ShamirScheme(2, 3));
        Assert.Throws<ArgumentOutOfRangeException>("shareCount", () => new ShamirScheme(17, 3));
        var scheme = new ShamirScheme(5, 3);
        Assert.Throws<ArgumentException>("secret", () => scheme.Split([1, 2, 3], SystemEntropySource.Instance));
        Assert.Throws<ArgumentNullException>("entropy", () => scheme.Split([1, 2, 3, 4], null!));
        Assert.Throws<ArgumentException>("shares", () => scheme.Combine([null!], out _));
        Assert.Throws<ArgumentNullException>("value", () => new Share(0, null!));
        var disposed = Enumerable.Range(0, 3).Select(i => new Share(i, new SecretBytes(4))).ToArray();
        disposed[2].Dispose();
        Assert.Throws<ObjectDisposedException>(() => scheme.Combine(disposed, out _));
    }

    [Fact]
    public void A_share_prints_its_index_and_length_only()
    {
        using var share = new Share(3, SecretBytes.CopyOf("hunter2!"u8));

        Assert.Equal("Share(3, 8 bytes)", share.ToString());
    }

    [Fact]
    public void Many_threads_may_use_one_scheme() => Parallel.For(0, 200, seed =>
    {
        var scheme = SharedScheme;
        var key = new byte[32];
        new Random(seed).NextBytes(key);
        var shares = scheme.Split(key, SystemEntropySource.Instance);
        new Random(seed).Shuffle(shares);

        Assert.Equal(CombineOutcome.Combined, scheme.Combine(shares.AsSpan(0, 4), out var secret));
        Assert.Equal(key, secret!.Span.ToArray());
    });

    private static ShamirScheme SharedScheme { get; } = new(9, 4);
}
