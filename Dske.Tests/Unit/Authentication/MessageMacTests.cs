using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Dske.Protocol.Authentication;

namespace Dske.Tests.Unit.Authentication;

[Trait("Tier", "Unit")]
public sealed class MessageMacTests
{
    private const string RequestSignature = "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:16:32;kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5Roglw=";

    private static readonly byte[] Key = [.. Enumerable.Range(0, MessageMac.KeySize).Select(i => (byte)i)];

    [Fact]
    public void The_first_HMAC_test_case_of_RFC_4231_comes_out()
    {
        // Its key has 20 bytes; HMAC fills keys up with zeros, so that 32 bytes with zeros at the end are the same key.
        byte[] key = [.. Enumerable.Repeat((byte)0x0b, 20), .. new byte[12]];
        var signature = new byte[MessageMac.Size];

        MessageMac.Sign(key, "Hi "u8, "There"u8, signature);

        Assert.Equal("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", Convert.ToHexStringLower(signature));
    }

    [Fact]
    public void Query_bytes_come_first_body_bytes_follow_and_nothing_stands_between() =>
        Gen.Select(Gen.Byte.Array[0, 1500], Gen.Byte.Array[0, 1500]).Sample((query, body) =>
            Assert.Equal(HMACSHA256.HashData(Key, (byte[])[.. query, .. body]), Sign(query, body)));

    [Fact]
    public void A_bound_signature_covers_body_status_and_request() =>
        Gen.Select(Gen.Byte.Array[0, 1500], Gen.Int[100, 599], Gen.Char['!', '~'].Array[0, 200]).Sample((body, status, request) =>
        {
            var signature = SignBound(body, status, new string(request));

            Assert.Equal(HMACSHA256.HashData(Key, (byte[])[.. body, .. Encoding.ASCII.GetBytes($"\n{status}\n{new string(request)}")]), signature);
        });

    [Fact]
    public void A_bound_signature_fits_no_other_status_request_or_plain_answer()
    {
        var body = "{}"u8.ToArray();
        byte[][] all =
        [
            SignBound(body, 200, RequestSignature),
            SignBound(body, 400, RequestSignature),
            SignBound(body, 200, RequestSignature[1..]),
            SignBound([.. body, (byte)' '], 200, RequestSignature),
            SignBound([], 200, RequestSignature),
            Sign([], body),
        ];

        Assert.Equal(all.Length, all.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void Invariant_3_A_key_of_another_size_is_refused(int size)
    {
        Assert.Throws<ArgumentException>(() => MessageMac.Sign(new byte[size], default, default, new byte[MessageMac.Size]));
        Assert.Throws<ArgumentException>(() => MessageMac.SignBound(new byte[size], default, 200, string.Empty, new byte[MessageMac.Size]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_signature_of_another_size_is_refused(int size)
    {
        Assert.Throws<ArgumentException>(() => MessageMac.Sign(Key, default, default, new byte[size]));
        Assert.Throws<ArgumentException>(() => MessageMac.SignBound(Key, default, 200, string.Empty, new byte[size]));
    }

    [Fact]
    public void A_bound_answer_needs_a_request()
    {
        Assert.Throws<ArgumentNullException>(() => MessageMac.SignBound(Key, default, 200, null!, new byte[MessageMac.Size]));
    }

    private static byte[] Sign(byte[] query, byte[] body)
    {
        var signature = new byte[MessageMac.Size];
        MessageMac.Sign(Key, query, body, signature);
        return signature;
    }

    private static byte[] SignBound(byte[] body, int status, string requestSignature)
    {
        var signature = new byte[MessageMac.Size];
        MessageMac.SignBound(Key, body, status, requestSignature, signature);
        return signature;
    }
}
