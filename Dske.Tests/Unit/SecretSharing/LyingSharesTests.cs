using CsCheck;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

/// <summary>A collector among liars: the right secret comes out, and they are named.</summary>
[Trait("Tier", "Unit")]
public sealed class LyingSharesTests
{
    private static readonly ShamirScheme ThreeOfFive = new(5, 3);
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly IReadOnlyList<int[]> Orders = [.. Permute([0, 1, 2, 3, 4])];

    public static TheoryData<string> Kinds => [.. Lies.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_two_of_five_may_lie_in_any_order(string kind)
    {
        var random = new Random(11);
        var honest = Honest(ThreeOfFive, Key, 5);
        foreach (var liars in Enumerable.Range(0, 3).SelectMany(count => Subsets.OfSize([0, 1, 2, 3, 4], count)))
        {
            foreach (var order in Orders)
            {
                using var collector = new ShareCollector(ThreeOfFive);
                var right = 0;
                foreach (var index in order)
                {
                    var lies = liars.Contains(index);
                    var outcome = collector.Add(lies ? Lies.Make(kind, honest, index, liars, 3, random) : Right(honest, index));
                    right += lies ? 0 : 1;

                    // As soon as three honest shares are there, and not before.
                    Assert.Equal(right >= 3, collector.IsRecovered);
                    Assert.True(outcome is not (CollectOutcome.Wrong or CollectOutcome.LengthMismatch or CollectOutcome.Exhausted) || lies);
                    Assert.True(outcome != CollectOutcome.AlreadyRecovered || !lies);
                }

                Assert.Equal(liars, collector.WrongIndexes);
                Assert.Equal(Enumerable.Range(0, 5).Except(liars), collector.RightIndexes);
                AssertSecret(Key, collector);
            }
        }
    }

    [Theory]
    [InlineData("random")]
    [InlineData("one bit")]
    [InlineData("of another key")]
    public void With_three_of_five_lying_on_their_own_there_is_no_secret(string kind)
    {
        var random = new Random(12);
        var honest = Honest(ThreeOfFive, Key, 5);
        foreach (var liars in Enumerable.Range(3, 3).SelectMany(count => Subsets.OfSize([0, 1, 2, 3, 4], count)))
        {
            using var collector = new ShareCollector(ThreeOfFive);
            foreach (var index in Enumerable.Range(0, 5))
            {
                Assert.Equal(CollectOutcome.Kept, collector.Add(liars.Contains(index) ? Lies.Make(kind, honest, index, liars, 3, random) : Right(honest, index)));
            }

            Assert.False(collector.IsRecovered);
            Assert.Empty(collector.WrongIndexes);
            Assert.Empty(collector.RightIndexes);
            Assert.InRange(collector.CandidatesTried, 1, 10);
        }
    }

    [Fact]
    public void In_networks_of_any_size_the_liars_that_can_be_borne_are_borne_and_named() => (
        from n in Gen.Int[2, 16]
        from k in Gen.Int[2, n]
        from liars in Gen.Int[0, Math.Min(k - 1, n - k)]
        from kinds in Gen.Int[0, Lies.Kinds.Length - 1].Array[16]
        from oneKind in Gen.Bool
        from suspects in Gen.Int[0, 15].Array[0, 4]
        from length in Gen.Int[5, 40]
        from seed in Gen.Int
        select (n, k, liars, kinds, oneKind, suspects, length, seed)).Sample(
        network =>
        {
            var (n, k, count, kinds, oneKind, suspects, length, seed) = network;
            var random = new Random(seed);
            var key = new byte[length];
            random.NextBytes(key);
            var scheme = new ShamirScheme(n, k);
            var honest = Honest(scheme, key, seed);
            var order = Enumerable.Range(0, n).ToArray();
            random.Shuffle(order);
            int[] liars = [.. order[..count].Order()];
            random.Shuffle(order);

            // Only in wide networks, and only when not one share more than k is honest, it takes every set.
            using var collector = new ShareCollector(scheme, count < n - k || n <= 12 ? ShareCollector.DefaultMaxCandidates : 15_000, suspects);
            foreach (var index in order)
            {
                collector.Add(liars.Contains(index) ? Lies.Make(Lies.Kinds[kinds[oneKind ? 0 : index]], honest, index, liars, k, random) : Right(honest, index));
            }

            Assert.True(collector.IsRecovered);
            Assert.Equal(liars, collector.WrongIndexes);
            Assert.Equal(Enumerable.Range(0, n).Except(liars), collector.RightIndexes);
            AssertSecret(key, collector);
        },
        iter: 300);

    [Theory]
    [InlineData("random")]
    [InlineData("equal offset")]
    [InlineData("other polynomial")]
    public void Seven_of_sixteen_who_answer_first_do_not_use_up_the_limit(string kind)
    {
        // 12,870 sets of eight, and nine that are right among them.
        var scheme = new ShamirScheme(16, 8);
        var honest = Honest(scheme, Key, 3);
        int[] liars = [0, 1, 2, 3, 4, 5, 6];
        using var collector = new ShareCollector(scheme);
        for (var index = 0; index < 16; index++)
        {
            collector.Add(index < 7 ? Lies.Make(kind, honest, index, liars, 8, new Random(index)) : Right(honest, index));
        }

        Assert.Equal(liars, collector.WrongIndexes);
        Assert.InRange(collector.CandidatesTried, 1, ShareCollector.DefaultMaxCandidates);
        AssertSecret(Key, collector);
    }

    [Fact]
    public void Half_as_many_liars_as_there_are_shares_beyond_the_threshold_take_no_luck()
    {
        // By luck it would take one of 495 sets; the limit is used up before four honest shares are there, all but the two that are kept.
        var scheme = new ShamirScheme(12, 4);
        var honest = Honest(scheme, Key, 4);
        int[] liars = [0, 3, 4, 7];
        using var collector = new ShareCollector(scheme, maxCandidates: 30);
        foreach (var index in liars.Concat([1, 2, 5, 6, 8, 9, 10, 11]))
        {
            collector.Add(liars.Contains(index) ? Lies.Make("equal offset", honest, index, liars, 4, new Random(1)) : Right(honest, index));
        }

        Assert.Equal(liars, collector.WrongIndexes);
        AssertSecret(Key, collector);
    }

    [Fact]
    public void Suspects_shares_are_tried_last()
    {
        // Nine of sixteen make the key. Seven lie and answer first: by luck it would take one of 11,440 sets.
        var scheme = new ShamirScheme(16, 9);
        var honest = Honest(scheme, Key, 6);
        int[] liars = [0, 1, 2, 3, 4, 5, 6];
        Assert.False(IsRecovered([]));
        Assert.True(IsRecovered(liars));
        Assert.True(IsRecovered([.. liars, 99, -1]));

        bool IsRecovered(int[] suspects)
        {
            using var collector = new ShareCollector(scheme, suspects: suspects);
            for (var index = 0; index < 16; index++)
            {
                collector.Add(index < 7 ? Lies.Make("random", honest, index, liars, 9, new Random(index)) : Right(honest, index));
            }

            Assert.InRange(collector.CandidatesTried, 1, ShareCollector.DefaultMaxCandidates);
            return collector.IsRecovered;
        }
    }

    [Fact]
    public void A_suspect_that_is_needed_is_used()
    {
        var honest = Honest(ThreeOfFive, Key, 7);
        using var collector = new ShareCollector(ThreeOfFive, suspects: [0, 1, 2, 3, 4]);

        Assert.Equal(
            [CollectOutcome.Kept, CollectOutcome.Kept, CollectOutcome.Recovered],
            new[] { 4, 0, 2 }.Select(index => collector.Add(Right(honest, index))));
        AssertSecret(Key, collector);
    }

    [Fact]
    public void Long_shares_have_fewer_candidates()
    {
        // Ten of 100 bytes each: 1 + 4 + 5 of the 10 that the sixth share makes possible.
        using var collector = new ShareCollector(new ShamirScheme(7, 4)) { MaxBytes = 1099 };

        Assert.Equal(
            [.. Enumerable.Repeat(CollectOutcome.Kept, 5), CollectOutcome.Exhausted, CollectOutcome.Exhausted],
            Enumerable.Range(0, 7).Select(index =>
            {
                var value = new byte[100];
                new Random(index).NextBytes(value);
                return collector.Add(new Share(index, SecretBytes.CopyOf(value)));
            }));
        Assert.Equal(10, collector.CandidatesTried);
    }

    [Fact]
    public void Who_sends_something_else_in_place_of_a_share_is_named_too()
    {
        var honest = Honest(ThreeOfFive, Key, 8);
        using var collector = new ShareCollector(ThreeOfFive);
        collector.AddWrong(3);
        Assert.Equal(CollectOutcome.DuplicateIndex, collector.Add(Right(honest, 3)));
        Array.ForEach([0, 1, 2], index => collector.Add(Right(honest, index)));
        collector.AddWrong(1);
        collector.AddWrong(4);

        Assert.Equal([3, 4], collector.WrongIndexes);
        Assert.Equal([0, 1, 2], collector.RightIndexes);
        Assert.Throws<ArgumentOutOfRangeException>("index", () => collector.AddWrong(5));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => collector.AddWrong(254));
        collector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => collector.AddWrong(0));
    }

    [Theory]
    [InlineData(254, 255)]
    [InlineData(255, 254)]
    public void Two_shares_at_the_places_of_secret_and_digest_choose_no_key(int first, int second)
    {
        var honest = Honest(ThreeOfFive, Key, 9);
        using var collector = new ShareCollector(ThreeOfFive);

        Assert.Equal(CollectOutcome.IndexOutOfRange, collector.Add(new Share(first, new SecretBytes(32))));
        Assert.Equal(CollectOutcome.IndexOutOfRange, collector.Add(new Share(second, new SecretBytes(32))));
        Assert.Equal(CollectOutcome.Kept, collector.Add(Right(honest, 2)));
        Assert.Equal(CollectOutcome.Kept, collector.Add(Right(honest, 3)));
        Assert.Equal(CollectOutcome.Recovered, collector.Add(Right(honest, 4)));
        AssertSecret(Key, collector);
    }

    private static byte[][] Honest(ShamirScheme scheme, byte[] key, int seed)
        => [.. scheme.Split(key, new SeededEntropySource(seed)).Select(share => share.Value.Span.ToArray())];

    private static Share Right(byte[][] honest, int index) => new(index, SecretBytes.CopyOf(honest[index]));

    private static IEnumerable<int[]> Permute(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => Permute([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    private static void AssertSecret(byte[] expected, ShareCollector collector)
    {
        using var secret = collector.TakeSecret();
        Assert.Equal(expected, secret.Span.ToArray());
    }
}
