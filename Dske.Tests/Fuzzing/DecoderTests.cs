namespace Dske.Tests.Fuzzing;

/// <summary>Every reader of bytes that others send, on its own.</summary>
[Trait("Tier", "Fuzzing")]
public sealed class DecoderTests
{
    private static readonly Dictionary<string, DecoderTarget> Targets =
        ((IEnumerable<DecoderTarget>)[.. TextTargets.All, .. MessageTargets.All, .. SecretTargets.All, .. KeyDeliveryTargets.All, .. SecureLinkTargets.All, .. CourierTargets.All, TopologyTargets.Target])
        .ToDictionary(target => target.Name);

    public static TheoryData<string> Names => [.. Targets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_comes_is_read_or_refused(string name)
    {
        var target = Targets[name];
        target.AssertTakesItsCorpus();
        Campaign.Run(name, target.Rounds, round => target.Check(round.Mutate("input", target.Corpus)));
    }
}
