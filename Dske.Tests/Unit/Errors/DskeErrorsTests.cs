using System.Text.RegularExpressions;
using Dske.Protocol.Errors;

namespace Dske.Tests.Unit.Errors;

[Trait("Tier", "Unit")]
public sealed partial class DskeErrorsTests
{
    public static TheoryData<DskeError> All => [.. Enum.GetValues<DskeError>()];

    [Theory]
    [MemberData(nameof(All))]
    public void An_error_is_the_peers_fault_or_a_lack_never_a_failure_of_this_end(DskeError error)
    {
        var status = DskeErrors.GetStatus(error);

        Assert.True(status is >= 400 and < 500 or 503, $"{error} is answered with {status}.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_error_is_named_in_words_with_hyphens(DskeError error)
    {
        Assert.Matches(HyphenatedWords(), DskeErrors.GetName(error));
        Assert.Equal("urn:dske:error:" + DskeErrors.GetName(error), DskeErrors.GetProblemType(error));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_error_is_found_by_its_problem_type(DskeError error)
    {
        Assert.True(DskeErrors.TryFromProblemType(DskeErrors.GetProblemType(error), out var found));
        Assert.Equal(error, found);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_error_is_told_in_one_sentence(DskeError error)
    {
        Assert.EndsWith(".", DskeErrors.GetTitle(error), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', DskeErrors.GetTitle(error));
    }

    [Fact]
    public void The_names_are_stable()
    {
        Assert.Equal(
            [
                "malformed-message 400", "signature-missing 401", "signature-malformed 400", "signature-invalid 403", "client-not-registered 400",
                "psrd-unknown-block 400", "psrd-invalid-range 400", "psrd-already-used 400", "psrd-jump-too-far 400",
                "psrd-gone 410", "sync-needed 503", "sync-out-of-turn 409", "link-set-back 409", "instance-changed 409", "storage-failed 503", "out-of-psrd 503",
                "psrd-size-out-of-range 400", "psrd-limit-reached 429", "entropy-unavailable 503", "sae-claimed-elsewhere 409", "master-sae-not-owned 403", "slave-sae-unknown 404",
                "registrations-incomplete 503",
            "share-index-out-of-range 400", "share-size-out-of-range 400", "share-conflict 409", "share-limit-reached 429", "share-unknown 404",
                "share-not-yours 403", "share-left-off 503", "too-many-clients 503", "client-limit-reached 503", "out-of-band-off 403", "enrolment-token-missing 401", "enrolment-token-invalid 401",
                "enrolment-not-granted 403", "too-many-requests 429", "too-busy 503",
                "courier-file-malformed 400", "courier-secret-wrong 403", "courier-file-damaged 400", "courier-file-not-ours 409",
                "courier-client-instance 409", "courier-hub-instance 409", "courier-file-not-awaited 409", "courier-hub-unreachable 503",
                "courier-file-imported 409", "courier-not-wanted 409", "courier-network-differs 409", "courier-encryptors-differ 409",
                "courier-client-foreign 409", "courier-file-unknown 404",
                "wrong-node 404",
            ],
            Enum.GetValues<DskeError>().Select(error => $"{DskeErrors.GetName(error)} {DskeErrors.GetStatus(error)}"));
    }

    [Fact]
    public void Names_and_sentences_are_all_different()
    {
        var errors = Enum.GetValues<DskeError>();

        Assert.Equal(errors.Length, errors.Select(DskeErrors.GetName).Distinct().Count());
        Assert.Equal(errors.Length, errors.Select(DskeErrors.GetTitle).Distinct().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("about:blank")]
    [InlineData("psrd-already-used")]
    [InlineData("urn:dske:error:")]
    [InlineData("urn:dske:error:none-of-ours")]
    [InlineData("URN:DSKE:ERROR:PSRD-ALREADY-USED")]
    [InlineData("urn:dske:error:psrd-already-used ")]
    public void Another_problem_type_is_none_of_ours(string? type)
    {
        Assert.False(DskeErrors.TryFromProblemType(type, out var error));
        Assert.Equal(default, error);
    }

    [Fact]
    public void What_is_no_error_has_no_description()
    {
        var none = (DskeError)int.MaxValue;

        Assert.Throws<ArgumentOutOfRangeException>(() => DskeErrors.GetStatus(none));
        Assert.Throws<ArgumentOutOfRangeException>(() => DskeErrors.GetName(none));
        Assert.Throws<ArgumentOutOfRangeException>(() => DskeErrors.GetProblemType(none));
        Assert.Throws<ArgumentOutOfRangeException>(() => DskeErrors.GetTitle(none));
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)+$")]
    private static partial Regex HyphenatedWords();
}
