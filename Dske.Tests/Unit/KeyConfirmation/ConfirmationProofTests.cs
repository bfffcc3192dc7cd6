using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.KeyConfirmation;

[Trait("Tier", "Unit")]
public sealed class ConfirmationProofTests
{
    private static readonly byte[] KeyBytes = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly ConfirmationContext Context = new(
        Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), SaeId.Parse("sam"), SaeId.Parse("sofia"));

    [Theory]
    [InlineData(ConfirmationRole.Initiator, "dske/key-confirmation/v1/initiator", "3a7690685d71152155ed216fa727b49e108426e0037fe5cd0a1443d8d6559393")]
    [InlineData(ConfirmationRole.Responder, "dske/key-confirmation/v1/responder", "4c13d29e143fce65ea0cdc713e0712a22453f630cb6491cf5b1ea92d1792eb42")]
    public void A_proof_is_the_HMAC_over_the_documented_layout(ConfirmationRole role, string label, string recorded)
    {
        using var key = SecretBytes.CopyOf(KeyBytes);
        byte[] message =
        [
            0, (byte)label.Length, .. Encoding.ASCII.GetBytes(label),
            0, 0, 0, 32,
            0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF,
            0, 3, .. "sam"u8,
            0, 5, .. "sofia"u8,
        ];

        var proof = ConfirmationProof.Compute(role, key, Context);

        Assert.Equal(HMACSHA256.HashData(KeyBytes, message), proof);
        Assert.Equal(recorded, Convert.ToHexStringLower(proof));
        Assert.True(ConfirmationProof.Verify(role, key, Context, proof));
    }

    [Theory]
    [InlineData(ConfirmationRole.Initiator, "dske/key-confirmation/v1/initiator", "8555a4823e11cc34913bbafef4488e8b8cc4c5a4af405923433fbe227adad864")]
    [InlineData(ConfirmationRole.Responder, "dske/key-confirmation/v1/responder", "7c65631f01a96952e2f2e7af1af33c30323e35eb0b99f1d937359deb91218f58")]
    public void A_purpose_stands_at_the_end_of_the_layout(ConfirmationRole role, string label, string recorded)
    {
        using var key = SecretBytes.CopyOf(KeyBytes);
        byte[] message =
        [
            0, (byte)label.Length, .. Encoding.ASCII.GetBytes(label),
            0, 0, 0, 32,
            0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF,
            0, 3, .. "sam"u8,
            0, 5, .. "sofia"u8,
            0, 8, .. "sink/wg0"u8,
        ];

        var proof = ConfirmationProof.Compute(role, key, Context with { Purpose = "sink/wg0" });

        Assert.Equal(HMACSHA256.HashData(KeyBytes, message), proof);
        Assert.Equal(recorded, Convert.ToHexStringLower(proof));
        Assert.True(ConfirmationProof.Verify(role, key, Context with { Purpose = "sink/wg0" }, proof));
        Assert.False(ConfirmationProof.Verify(role, key, Context with { Purpose = "sink/wg1" }, proof));
        Assert.False(ConfirmationProof.Verify(role, key, Context, proof));
        Assert.False(ConfirmationProof.Verify(role, key, Context with { Purpose = "sink/wg0" }, ConfirmationProof.Compute(role, key, Context)));
    }

    [Fact]
    public void A_proof_fits_nothing_but_what_it_was_made_for()
    {
        using var key = SecretBytes.CopyOf(KeyBytes);
        using var other = SecretBytes.CopyOf([.. KeyBytes[..31], 0xFF]);
        using var padded = SecretBytes.CopyOf([.. KeyBytes, 0]);
        var proof = ConfirmationProof.Compute(ConfirmationRole.Initiator, key, Context);

        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Responder, key, Context, proof));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, other, Context, proof));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, padded, Context, proof));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, key, Context with { KeyId = Guid.Empty }, proof));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, key, Context with { Initiator = SaeId.Parse("serena") }, proof));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, key, Context with { Responder = SaeId.Parse("susan") }, proof));
        Assert.False(ConfirmationProof.Verify(
            ConfirmationRole.Initiator, key, Context with { Initiator = Context.Responder, Responder = Context.Initiator }, proof));
    }

    [Fact]
    public void Where_one_id_ends_and_the_next_begins_counts()
    {
        using var key = SecretBytes.CopyOf(KeyBytes);
        var proof = ConfirmationProof.Compute(ConfirmationRole.Initiator, key, Context with { Initiator = SaeId.Parse("ab"), Responder = SaeId.Parse("c") });

        Assert.False(ConfirmationProof.Verify(
            ConfirmationRole.Initiator, key, Context with { Initiator = SaeId.Parse("a"), Responder = SaeId.Parse("bc") }, proof));
    }

    [Fact]
    public void A_proof_that_is_damaged_anywhere_or_of_another_length_is_refused()
    {
        using var key = SecretBytes.CopyOf(KeyBytes);
        var proof = ConfirmationProof.Compute(ConfirmationRole.Initiator, key, Context);

        for (var bit = 0; bit < proof.Length * 8; bit++)
        {
            var damaged = proof.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, key, Context, damaged));
        }

        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, key, Context, []));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, key, Context, proof.AsSpan(0, 31)));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Initiator, key, Context, [.. proof, 0]));
    }

    [Fact]
    public void The_longest_ids_fit()
    {
        using var key = SecretBytes.CopyOf(KeyBytes);
        var longest = SaeId.Parse(new string('\u20AC', SaeId.MaxLength));
        var context = new ConfirmationContext(Context.KeyId, longest, longest) { Purpose = new string('\u20AC', ConfirmationContext.MaxPurposeLength) };

        Assert.True(ConfirmationProof.Verify(
            ConfirmationRole.Responder, key, context, ConfirmationProof.Compute(ConfirmationRole.Responder, key, context)));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using var key = SecretBytes.CopyOf(KeyBytes);

        Assert.Throws<ArgumentException>(() => ConfirmationProof.Compute(ConfirmationRole.Initiator, key, Context, new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfirmationProof.Compute((ConfirmationRole)7, key, Context));
        Assert.Throws<ArgumentNullException>(() => ConfirmationProof.Compute(ConfirmationRole.Initiator, null!, Context));
        Assert.Throws<ArgumentException>(() => Context with { Purpose = string.Empty });
        Assert.Throws<ArgumentException>(() => Context with { Purpose = new string('x', ConfirmationContext.MaxPurposeLength + 1) });
    }

    [Fact]
    public void A_fingerprint_is_eight_digits_of_its_own_HMAC()
    {
        using var key = SecretBytes.CopyOf(KeyBytes);
        using var padded = SecretBytes.CopyOf([.. KeyBytes, 0]);
        byte[] message = [.. "dske/key-fingerprint/v1"u8, 0, 0, 0, 32];
        var expected = HMACSHA256.HashData(KeyBytes, message);

        Assert.Equal(Convert.ToHexStringLower(expected.AsSpan(0, 4)), KeyFingerprint.Of(key));
        Assert.Equal("67a07409", KeyFingerprint.Of(key));
        Assert.Equal(KeyFingerprint.Length, KeyFingerprint.Of(key).Length);
        Assert.NotEqual(KeyFingerprint.Of(key), KeyFingerprint.Of(padded));
    }
}
