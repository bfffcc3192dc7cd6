using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Vectors;

/// <summary>Every split and every reconstruction in <c>shamir.json</c>.</summary>
[Trait("Tier", "Vectors")]
public sealed class ShamirVectorTests
{
    private static readonly ShamirVectors Vectors = ShamirVectors.All;

    // What a faulty share set is called here. The reference has the same answer for most of them.
    private static readonly Dictionary<string, CombineOutcome> Outcomes = new()
    {
        ["good control (3 of 5)"] = CombineOutcome.Combined,
        ["one byte of one share flipped, exactly k shares"] = CombineOutcome.DigestMismatch,
        ["last byte of one share flipped, exactly k shares"] = CombineOutcome.DigestMismatch,
        ["one of five shares flipped, all five given"] = CombineOutcome.DigestMismatch,
        ["two of five shares flipped, all five given"] = CombineOutcome.DigestMismatch,
        ["two shares' x swapped"] = CombineOutcome.DigestMismatch,
        ["fewer than k shares (2 of 3)"] = CombineOutcome.TooFewShares,
        ["duplicate index, same data"] = CombineOutcome.DuplicateIndex,
        ["duplicate index, other data"] = CombineOutcome.DuplicateIndex,
        ["unequal lengths"] = CombineOutcome.LengthMismatch,
        ["no shares"] = CombineOutcome.TooFewShares,
        ["share x = 255 (the secret's own coordinate)"] = CombineOutcome.IndexOutOfRange,
        ["share x = 256"] = CombineOutcome.IndexOutOfRange,
        ["share x = -1"] = CombineOutcome.IndexOutOfRange,
    };

    public static TheoryData<int> SplitNumbers => [.. Enumerable.Range(0, Vectors.Splits.Count)];

    public static TheoryData<string> SplitErrorNames => [.. Vectors.SplitErrors.Cases.Select(@case => @case.Name)];

    public static TheoryData<string> ReconstructErrorNames => [.. Vectors.ReconstructErrors.Cases.Select(@case => @case.Name)];

    [Fact]
    public void The_constants_are_the_references()
    {
        Assert.Equal(
            new ShamirVectors.ConstantValues(
                ShamirScheme.SecretCoordinate,
                ShamirScheme.DigestCoordinate,
                ShamirScheme.DigestLength,
                ShamirScheme.MinSecretLength,
                ShamirScheme.MaxShareCount),
            Vectors.Constants);
    }

    [Theory]
    [MemberData(nameof(SplitNumbers))]
    public void A_secret_is_split_into_the_recorded_shares(int number)
    {
        var split = Vectors.Splits[number];
        Assert.Equal(split.Length, split.Secret.Length);
        var entropy = new RecordedEntropySource(split.RandomDraws);

        var shares = new ShamirScheme(split.N, split.K).Split(split.Secret, entropy);

        Assert.True(entropy.IsUsedUp);
        Assert.Equal(
            split.Shares.Select(share => (share.X, Convert.ToHexStringLower(share.Data))),
            shares.Select(share => (share.Index, Convert.ToHexStringLower(share.Value.Span))));
        Array.ForEach(shares, share => share.Dispose());
    }

    [Theory]
    [MemberData(nameof(SplitNumbers))]
    public void Every_recorded_set_of_shares_rebuilds_the_secret(int number)
    {
        var split = Vectors.Splits[number];
        var scheme = new ShamirScheme(split.N, split.K);
        Assert.NotEmpty(split.Reconstruct);
        foreach (var subset in split.Reconstruct)
        {
            var shares = ToShares(subset.ShareIndexesInOrder.Select(index => split.Shares[index]));

            Assert.Equal(CombineOutcome.Combined, scheme.Combine(shares, out var secret));

            Assert.Equal(split.Secret, secret!.Span.ToArray());
            secret.Dispose();
            Array.ForEach(shares, share => share.Dispose());
        }
    }

    [Fact]
    public void A_threshold_of_one_is_refused_as_it_hands_out_the_secret()
    {
        Assert.All(Vectors.ThresholdOne.Shares, share => Assert.Equal(Vectors.ThresholdOne.Secret, share.Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShamirScheme(Vectors.ThresholdOne.N, 1));
    }

    [Theory]
    [MemberData(nameof(SplitErrorNames))]
    public void A_split_that_the_reference_refuses_is_refused(string name)
    {
        var @case = Vectors.SplitErrors.Cases.Single(@case => @case.Name == name);

        Assert.False(@case.Result.Ok);
        Assert.ThrowsAny<ArgumentException>(() => new ShamirScheme(@case.N, @case.K).Split(@case.Secret, SystemEntropySource.Instance));
    }

    [Fact]
    public void All_shares_of_the_faulty_sets_origin_are_good()
    {
        var shares = ToShares(Vectors.ReconstructErrors.AllShares);

        Assert.Equal(CombineOutcome.Combined, new ShamirScheme(shares.Length, 3).Combine(shares, out var secret));
        Assert.Equal(Vectors.ReconstructErrors.Secret, secret!.Span.ToArray());
    }

    [Theory]
    [MemberData(nameof(ReconstructErrorNames))]
    public void A_faulty_set_of_shares_has_its_outcome(string name)
    {
        var @case = Vectors.ReconstructErrors.Cases.Single(@case => @case.Name == name);
        var scheme = new ShamirScheme(Vectors.ReconstructErrors.AllShares.Count, @case.K);

        var outcome = scheme.Combine(ToShares(@case.Shares), out var secret);

        Assert.Equal(Outcomes[name], outcome);
        Assert.Equal(@case.Result.Ok, outcome == CombineOutcome.Combined);
        Assert.Equal(@case.Result.Secret, secret?.Span.ToArray());
    }

    [Theory]
    [MemberData(nameof(ReconstructErrorNames))]
    public void The_collector_gets_what_can_be_got_out_of_a_faulty_set(string name)
    {
        var @case = Vectors.ReconstructErrors.Cases.Single(@case => @case.Name == name);
        using var collector = new ShareCollector(new ShamirScheme(Vectors.ReconstructErrors.AllShares.Count, @case.K));

        foreach (var share in ToShares(@case.Shares))
        {
            collector.Add(share);
        }

        var expected = @case.ExpectedWithCorrection ?? @case.Result.Secret;
        Assert.Equal(expected is not null, collector.IsRecovered);
        if (expected is not null)
        {
            using var secret = collector.TakeSecret();
            Assert.Equal(expected, secret.Span.ToArray());
        }
    }

    private static Share[] ToShares(IEnumerable<ShamirVectors.ShareValue> values) =>
        [.. values.Select(value => new Share(value.X, SecretBytes.CopyOf(value.Data)))];
}
