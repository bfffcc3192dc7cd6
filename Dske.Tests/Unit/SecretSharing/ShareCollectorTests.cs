using CsCheck;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

[Trait("Tier", "Unit")]
public sealed class ShareCollectorTests
{
    private static readonly ShamirScheme ThreeOfFive = new(5, 3);
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly Share[] _shares = ThreeOfFive.Split(Key, new SeededEntropySource(7));

    [Fact]
    public void The_first_shares_of_an_honest_network_suffice()
    {
        using var collector = new ShareCollector(ThreeOfFive);

        Assert.Equal(
            [CollectOutcome.Kept, CollectOutcome.Kept, CollectOutcome.Recovered, CollectOutcome.AlreadyRecovered],
            new[] { 3, 0, 4, 1 }.Select(i => collector.Add(_shares[i])));

        Assert.Equal(1, collector.CandidatesTried);
        AssertSecret(Key, collector);
    }

    [Fact]
    public void A_wrong_share_is_worked_around_when_another_one_comes()
    {
        using var collector = new ShareCollector(ThreeOfFive);
        _shares[0].Value.Span[5] ^= 1;

        Assert.Equal(
            [CollectOutcome.Kept, CollectOutcome.Kept, CollectOutcome.Kept, CollectOutcome.Recovered],
            new[] { 0, 1, 2, 3 }.Select(i => collector.Add(_shares[i])));

        AssertSecret(Key, collector);
    }

    [Fact]
    public void Two_wrong_shares_of_five_are_worked_around()
    {
        using var collector = new ShareCollector(ThreeOfFive);
        _shares[1].Value.Span.Clear();
        _shares[3].Value.Span[31] ^= 0x80;

        Assert.Equal(CollectOutcome.Recovered, new[] { 1, 3, 0, 2, 4 }.Select(i => collector.Add(_shares[i])).ToList()[^1]);

        Assert.InRange(collector.CandidatesTried, 2, 10);
        AssertSecret(Key, collector);
    }

    [Fact]
    public void Every_set_is_tried_once()
    {
        using var collector = new ShareCollector(ThreeOfFive);

        foreach (var share in _shares)
        {
            share.Value.Span[0] ^= (byte)(1 + (share.Index * share.Index * share.Index));
            Assert.Equal(CollectOutcome.Kept, collector.Add(share));
        }

        Assert.Equal(10, collector.CandidatesTried);
        Assert.False(collector.IsRecovered);
    }

    [Fact]
    public void The_limit_of_candidates_is_kept()
    {
        // Share 0 is wrong; with share 3, the sets 013, 023 and 123 are tried in this order, after 012.
        using var collector = new ShareCollector(ThreeOfFive, maxCandidates: 3);
        _shares[0].Value.Span[0] ^= 1;

        Assert.Equal(
            [CollectOutcome.Kept, CollectOutcome.Kept, CollectOutcome.Kept, CollectOutcome.Exhausted, CollectOutcome.Exhausted],
            _shares.Select(collector.Add));

        Assert.Equal(3, collector.CandidatesTried);
        Assert.False(collector.IsRecovered);
    }

    [Fact]
    public void A_limit_that_is_just_enough_is_enough()
    {
        using var collector = new ShareCollector(ThreeOfFive, maxCandidates: 4);
        _shares[0].Value.Span[0] ^= 1;

        Assert.Equal(CollectOutcome.Recovered, _shares.Take(4).Select(collector.Add).ToList()[^1]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(int.MaxValue)]
    public void An_index_that_no_hub_has_is_refused(int index)
    {
        using var collector = new ShareCollector(ThreeOfFive);
        var share = new Share(index, SecretBytes.CopyOf(Key));

        Assert.Equal(CollectOutcome.IndexOutOfRange, collector.Add(share));
        Assert.Throws<ObjectDisposedException>(() => share.Value.Span.Length);
    }

    [Fact]
    public void A_second_share_with_an_index_is_refused_and_the_first_still_counts()
    {
        using var collector = new ShareCollector(ThreeOfFive);
        collector.Add(_shares[0]);
        collector.Add(_shares[1]);

        Assert.Equal(CollectOutcome.DuplicateIndex, collector.Add(new Share(1, new SecretBytes(32))));
        Assert.Equal(CollectOutcome.DuplicateIndex, collector.Add(new Share(1, new SecretBytes(5))));

        Assert.Equal(CollectOutcome.Recovered, collector.Add(_shares[2]));
        AssertSecret(Key, collector);
    }

    [Fact]
    public void Liars_who_answer_first_do_not_decide_the_length()
    {
        using var collector = new ShareCollector(ThreeOfFive);

        Assert.Equal(CollectOutcome.Kept, collector.Add(new Share(3, new SecretBytes(31))));
        Assert.Equal(CollectOutcome.Kept, collector.Add(new Share(4, new SecretBytes(31))));
        Assert.Equal(CollectOutcome.Kept, collector.Add(_shares[0]));
        Assert.Equal(CollectOutcome.Kept, collector.Add(_shares[1]));
        Assert.Equal(CollectOutcome.Recovered, collector.Add(_shares[2]));

        Assert.Equal(1, collector.CandidatesTried);
        AssertSecret(Key, collector);
    }

    [Fact]
    public void A_length_that_too_few_shares_can_have_is_refused()
    {
        // Three of five are 32 bytes long and wrong: two others cannot make three.
        using var collector = new ShareCollector(ThreeOfFive);
        for (var index = 0; index < 3; index++)
        {
            Assert.Equal(CollectOutcome.Kept, collector.Add(new Share(index, new SecretBytes(32))));
        }

        Assert.Equal(CollectOutcome.LengthMismatch, collector.Add(new Share(3, new SecretBytes(31))));
        Assert.Equal(CollectOutcome.DuplicateIndex, collector.Add(new Share(3, new SecretBytes(32))));
        Assert.Equal(CollectOutcome.Kept, collector.Add(new Share(4, new SecretBytes(32))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_length_that_no_secret_has_is_refused(int length)
    {
        using var collector = new ShareCollector(ThreeOfFive);

        Assert.Equal(CollectOutcome.LengthMismatch, collector.Add(new Share(0, new SecretBytes(length))));
    }

    [Fact]
    public void Once_the_secret_is_known_another_length_is_refused()
    {
        using var collector = new ShareCollector(new ShamirScheme(5, 2));
        foreach (var share in new ShamirScheme(5, 2).Split(Key, SystemEntropySource.Instance).Take(2))
        {
            collector.Add(share);
        }

        Assert.True(collector.IsRecovered);
        Assert.Equal(CollectOutcome.LengthMismatch, collector.Add(new Share(2, new SecretBytes(33))));
        Assert.Equal(CollectOutcome.Wrong, collector.Add(new Share(3, new SecretBytes(32))));
        Assert.Equal(CollectOutcome.DuplicateIndex, collector.Add(new Share(3, new SecretBytes(32))));
        Assert.Equal(CollectOutcome.IndexOutOfRange, collector.Add(new Share(5, new SecretBytes(32))));
    }

    [Fact]
    public void As_many_liars_as_can_be_borne_do_not_keep_the_key_away() => (
        from n in Gen.Int[2, 8]
        from k in Gen.Int[2, n]
        from liars in Gen.Int[0, Math.Min(k - 1, n - k)]
        from length in Gen.Int[4, 40]
        from seed in Gen.Int
        select (n, k, liars, length, seed)).Sample(network =>
    {
        var (n, k, liars, length, seed) = network;
        var random = new Random(seed);
        var key = new byte[length];
        random.NextBytes(key);
        var scheme = new ShamirScheme(n, k);
        using var collector = new ShareCollector(scheme);
        var shares = scheme.Split(key, new SeededEntropySource(seed));
        for (var liar = 0; liar < liars; liar++)
        {
            shares[liar] = Lie(shares[liar], random);
        }

        random.Shuffle(shares);
        var honest = 0;
        foreach (var share in shares)
        {
            honest += share.Index >= liars ? 1 : 0;
            var outcome = collector.Add(share);

            Assert.Equal(honest >= k, collector.IsRecovered);
            Assert.True(outcome is not (CollectOutcome.LengthMismatch or CollectOutcome.Wrong) || share.Index < liars);
        }

        Assert.Equal(Enumerable.Range(0, liars), collector.WrongIndexes);
        Assert.Equal(Enumerable.Range(liars, n - liars), collector.RightIndexes);

        AssertSecret(key, collector);
    });

    [Fact]
    public void The_secret_is_handed_over_once()
    {
        var collector = new ShareCollector(ThreeOfFive);
        Assert.Throws<InvalidOperationException>(collector.TakeSecret);
        Array.ForEach(_shares[..3], share => collector.Add(share));

        using var secret = collector.TakeSecret();
        Assert.Throws<InvalidOperationException>(collector.TakeSecret);
        collector.Dispose();

        Assert.Equal(Key, secret.Span.ToArray());
    }

    [Fact]
    public void Misuse_throws()
    {
        Assert.Throws<ArgumentNullException>("scheme", () => new ShareCollector(null!));
        Assert.Throws<ArgumentOutOfRangeException>("maxCandidates", () => new ShareCollector(ThreeOfFive, 0));
        var collector = new ShareCollector(ThreeOfFive);
        Assert.Throws<ArgumentNullException>("share", () => collector.Add(null!));
        _shares[1].Dispose();
        Assert.Throws<ObjectDisposedException>(() => collector.Add(_shares[1]));
        collector.Dispose();
        collector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => collector.Add(_shares[0]));
        Assert.Equal(32, _shares[0].Value.Span.Length);
    }

    // A share with random content, now and then of a random length; never the honest one.
    private static Share Lie(Share honest, Random random)
    {
        var value = new SecretBytes(random.Next(3) == 0 ? random.Next(50) : honest.Value.Length);
        random.NextBytes(value.Span);
        if (value.FixedTimeEquals(honest.Value))
        {
            value.Span[0] ^= 1;
        }

        return new Share(honest.Index, value);
    }

    private static void AssertSecret(byte[] expected, ShareCollector collector)
    {
        using var secret = collector.TakeSecret();
        Assert.Equal(expected, secret.Span.ToArray());
    }
}
