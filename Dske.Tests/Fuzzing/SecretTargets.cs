using System.Text;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Fuzzing;

/// <summary>Readers of enrolment tokens and of base64 that holds secrets.</summary>
internal static class SecretTargets
{
    private static readonly NodeName Hank = NodeName.Parse("hank");

    // One for all rounds, and never disposed: it is the same in every run.
    private static readonly EnrolmentKey HubsKey = EnrolmentKey.Draw(new SeededEntropySource(5));

    private static readonly string[] Tokens = [Issue("hank", "sam", "zoë"), Issue("hank"), Issue("hank", [.. Enumerable.Range(0, 100).Select(i => $"sae-{i}")])];

    public static IEnumerable<DecoderTarget> All =>
    [
        new DecoderTarget("Enrolment token, as a client reads it", [.. Tokens.Select(Encoding.UTF8.GetBytes)], Reread) { HasOneSpelling = true },
        DecoderTarget.OfText("Enrolment token, as a hub checks it", Verify, Tokens) with { HasOneSpelling = true },
        new DecoderTarget("Enrolment key", ["00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"u8.ToArray()], bytes =>
        {
            if (!EnrolmentKey.TryParse(bytes, out var key))
            {
                return null;
            }

            using (key)
            using (var text = key.Format())
            {
                return text.Span.ToArray();
            }
        }),
        new DecoderTarget("Base64 of a secret", ["AAEC/w=="u8.ToArray(), "AAECAwQ="u8.ToArray(), "AAECAwQF"u8.ToArray(), []], bytes =>
        {
            if (!SecretBase64.TryDecode(bytes, out var secret))
            {
                return null;
            }

            using (secret)
            {
                return Encoding.ASCII.GetBytes(Convert.ToBase64String(secret.Span));
            }
        })
        { HasOneSpelling = true },
    ];

    /// <summary>Nobody but the hub can tell the MAC, so that it stays as it is.</summary>
    private static byte[]? Reread(byte[] token)
        => EnrolmentToken.TryRead(token, out var grant) ? [.. EnrolmentToken.FormatSigned(grant), .. token[^(EnrolmentToken.MacTextLength + 1)..]] : null;

    /// <summary>What was not issued is not let in, however it was made.</summary>
    private static string? Verify(string token)
    {
        var isLetIn = HubsKey.TryVerify(token, Hank, out _);
        Assert.Equal(isLetIn, Tokens.Contains(token));
        return isLetIn ? token : null;
    }

    private static string Issue(string hub, params string[] encryptors)
    {
        Assert.True(HubsKey.TryIssue(new EnrolmentGrant(NodeName.Parse(hub), NodeName.Parse("carol"), encryptors.Select(SaeId.Parse)), out var token));
        using (token)
        {
            return Encoding.ASCII.GetString(token.Span);
        }
    }
}
