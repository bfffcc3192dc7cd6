using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Enrolment;

[Trait("Tier", "Unit")]
public sealed class EnrolmentTokenTests : IDisposable
{
    private static readonly NodeName Hank = NodeName.Parse("hank");

    private readonly EnrolmentKey _key = EnrolmentKey.Draw(SystemEntropySource.Instance);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Whatever_is_granted_is_read_back()
    {
        var names = Gen.String[Gen.Char.AlphaNumeric, 1, 30].Select(name => name.ToLowerInvariant());
        var saeIds = Gen.String[Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Char["ß+\"\\< 愛."]), 0, 40].Select(text => "x" + text);

        Gen.Select(names, names, saeIds.Array[0, 30]).Sample((hub, client, encryptors) =>
        {
            var grant = new EnrolmentGrant(NodeName.Parse(hub), NodeName.Parse(client), encryptors.Select(SaeId.Parse));

            var token = Issue(_key, grant);

            Assert.All(token, c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));
            Assert.True(_key.TryVerify(token, NodeName.Parse(hub), out var verified));
            Assert.True(EnrolmentToken.TryRead(Encoding.ASCII.GetBytes(token), out var read));
            foreach (var seen in new[] { verified, read })
            {
                Assert.Equal((grant.Hub, grant.Client), (seen.Hub, seen.Client));
                Assert.Equal(encryptors.Distinct().Order(StringComparer.Ordinal), seen.Encryptors.Select(encryptor => encryptor.Value));
            }
        });
    }

    [Fact]
    public void A_token_reads_as_documented()
    {
        var token = Issue(_key, new EnrolmentGrant(Hank, NodeName.Parse("carol"), [SaeId.Parse("sara"), SaeId.Parse("sam"), SaeId.Parse("sam")]));

        var parts = token.Split('.');
        Assert.Equal("dske1", parts[0]);
        Assert.Equal("""{"hub":"hank","client":"carol","encryptors":["sam","sara"]}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
        using var key = _key.Format();
        var mac = HMACSHA256.HashData(Convert.FromHexString(Encoding.ASCII.GetString(key.Span)), Encoding.ASCII.GetBytes($"dske1.{parts[1]}"));
        Assert.Equal(Base64Url.EncodeToString(mac), parts[2]);
    }

    [Fact]
    public void No_change_of_a_token_is_a_token()
    {
        var token = Issue(_key, Grant("sam", "sara"));
        var changes = Gen.OneOf(
            Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char[(char)0, (char)0x2FF]).Select((at, c) => $"{token[..at]}{c}{token[(at + 1)..]}"),
            Gen.Select(Gen.Int[0, token.Length], Gen.Char[(char)0, (char)0x2FF]).Select((at, c) => token.Insert(at, c.ToString())),
            Gen.Select(Gen.Int[0, token.Length - 1], Gen.Int[1, 5]).Select((at, count) => token.Remove(at, Math.Min(count, token.Length - at))),
            Gen.Select(Gen.Int[0, token.Length - 1], Gen.Int[0, token.Length - 1]).Select((from, to) => Swap(token, from, to)));

        changes.Where(changed => changed != token).Sample(changed =>
        {
            Assert.False(_key.TryVerify(changed, Hank, out var grant));
            Assert.Null(grant);
        });
    }

    [Fact]
    public void The_last_digit_has_one_spelling()
    {
        const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var token = Issue(_key, Grant("sam"));

        // The last digit of the MAC carries two bits that mean nothing: three more digits decode to the same bytes.
        Assert.Equal(1, digits.Count(digit => _key.TryVerify(token[..^1] + digit, Hank, out _)));
    }

    [Theory]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":["sara","sam"]}""")]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":["sam","sam"]}""")]
    [InlineData("""{"client":"carol","hub":"hank","encryptors":["sam"]}""")]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":["sam"], "x":1}""")]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":["sam"],"hub":"hank"}""")]
    [InlineData("""{"hub":"hank", "client":"carol","encryptors":["sam"]}""")]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":["\u0073am"]}""")]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":["sam",null]}""")]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":["sam",""]}""")]
    [InlineData("""{"hub":"hank","client":"carol","encryptors":null}""")]
    [InlineData("""{"hub":"hank","client":"carol"}""")]
    [InlineData("""{"hub":"Hank","client":"carol","encryptors":[]}""")]
    [InlineData("""{"hub":"hank","client":"","encryptors":[]}""")]
    [InlineData("""["hank","carol"]""")]
    [InlineData("null")]
    [InlineData("")]
    public void A_genuine_MAC_does_not_make_another_spelling_good(string json)
    {
        using var text = _key.Format();
        var key = Convert.FromHexString(Encoding.ASCII.GetString(text.Span));
        var signed = "dske1." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        var token = $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";

        Assert.False(_key.TryVerify(token, Hank, out _));
        Assert.False(EnrolmentToken.TryRead(Encoding.ASCII.GetBytes(token), out _));
    }

    [Fact]
    public void The_key_of_one_hub_is_of_no_use_at_another()
    {
        using var other = EnrolmentKey.Draw(SystemEntropySource.Instance);
        var token = Issue(_key, Grant("sam"));

        Assert.False(other.TryVerify(token, Hank, out _));
        Assert.False(_key.TryVerify(token, NodeName.Parse("helen"), out _));
        Assert.True(_key.TryVerify(token, Hank, out _));
    }

    [Fact]
    public void The_length_is_bounded_both_ways()
    {
        // 45 characters for the rest of the payload, and three for each name's quotes and comma; 12,250 bytes fill a token.
        var fits = Enumerable.Range(0, 254).Select(i => $"{i:D3}{new string('x', 42)}").ToArray();
        var token = Issue(_key, Grant(fits));
        Assert.InRange(token.Length, EnrolmentToken.MaxLength - 100, EnrolmentToken.MaxLength);
        Assert.True(_key.TryVerify(token, Hank, out var grant));
        Assert.Equal(254, grant.Encryptors.Count);

        Assert.False(_key.TryIssue(Grant([.. fits, new string('y', 45), new string('z', 45)]), out _));
        Assert.False(_key.TryVerify(token + new string('A', EnrolmentToken.MaxLength), Hank, out _));
        Assert.False(EnrolmentToken.TryRead(new byte[EnrolmentToken.MaxLength + 1], out _));
        Assert.Throws<ArgumentException>(() => Grant([.. Enumerable.Range(0, RegistrationRequest.MaxEncryptors + 1).Select(i => $"{i}")]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("dske1.")]
    [InlineData("dske1..")]
    [InlineData("dske1..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_token_is_refused(string text)
    {
        Assert.False(_key.TryVerify(text, Hank, out _));
        Assert.False(EnrolmentToken.TryRead(Encoding.ASCII.GetBytes(text), out _));
    }

    [Fact]
    public void A_registration_stays_within_its_grant()
    {
        var grant = Grant("sam", "sara");

        Assert.True(grant.Allows("carol", []));
        Assert.True(grant.Allows("carol", ["sara"]));
        Assert.True(grant.Allows("carol", ["sara", "sam", "carol"]));
        Assert.False(grant.Allows("carol", ["sara", "serena"]));
        Assert.False(grant.Allows("carol", ["Sam"]));
        Assert.False(grant.Allows("carol", [null!]));
        Assert.False(grant.Allows("celia", ["sam"]));
        Assert.False(grant.Allows("Carol", []));
        Assert.False(grant.Allows(null, []));
    }

    [Fact]
    public void A_grant_names_everyone()
    {
        Assert.Throws<ArgumentException>(() => new EnrolmentGrant(default, Hank, []));
        Assert.Throws<ArgumentException>(() => new EnrolmentGrant(Hank, default, []));
        Assert.Throws<ArgumentException>(() => new EnrolmentGrant(Hank, Hank, [default]));
    }

    private static EnrolmentGrant Grant(params string[] encryptors) => new(Hank, NodeName.Parse("carol"), encryptors.Select(SaeId.Parse));

    private static string Issue(EnrolmentKey key, EnrolmentGrant grant)
    {
        Assert.True(key.TryIssue(grant, out var token));
        using (token)
        {
            return Encoding.ASCII.GetString(token.Span);
        }
    }

    private static string Swap(string text, int from, int to)
    {
        var characters = text.ToCharArray();
        (characters[from], characters[to]) = (characters[to], characters[from]);
        return new string(characters);
    }
}
