using CsCheck;
using Dske.Protocol.Messages;

namespace Dske.Tests.Unit.Messages;

[Trait("Tier", "Unit")]
public sealed class KeyShareQueryTests
{
    private const string KeyId = "0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11";
    private const string Good = "client_name=connie&master_sae_id=sam&slave_sae_id=sofia&key_id=" + KeyId;

    [Fact]
    public void A_query_is_read()
    {
        Assert.True(KeyShareQuery.TryParse(Good, out var query));

        Assert.Equal(("connie", "sam", "sofia", Guid.Parse(KeyId), false), (query.ClientName, query.MasterSaeId, query.SlaveSaeId, query.KeyId, query.Bind));
        Assert.Equal(Good, query.ToString());
    }

    [Fact]
    public void A_native_query_asks_for_a_bound_answer()
    {
        Assert.True(KeyShareQuery.TryParse(Good + "&bind=1", out var query));

        Assert.True(query.Bind);
        Assert.Equal(Good + "&bind=1", query.ToString());
    }

    [Fact]
    public void Whatever_is_written_is_read_back() =>
        Gen.Select(Gen.String[Gen.Char['\u0020', '\ud7ff'], 1, 60].Array[3], Gen.Guid, Gen.Bool).Sample((names, key, bind) =>
        {
            var query = new KeyShareQuery { ClientName = names[0], MasterSaeId = names[1], SlaveSaeId = names[2], KeyId = key, Bind = bind };

            Assert.True(KeyShareQuery.TryParse(query.ToString(), out var read));
            Assert.Equal(query, read);
        });

    [Fact]
    public void The_order_of_the_parameters_does_not_matter()
    {
        Assert.True(KeyShareQuery.TryParse($"bind=1&key_id={KeyId}&slave_sae_id=sofia&client_name=connie&master_sae_id=sam", out var query));

        Assert.Equal(Good + "&bind=1", query.ToString());
    }

    [Theory]
    [InlineData("a%20b", "a b")]
    [InlineData("a+b", "a b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("a%26b%3Dc", "a&b=c")]
    [InlineData("a=b", "a=b")]
    [InlineData("caf%C3%A9", "café")]
    [InlineData("caf%c3%a9", "café")]
    [InlineData("%F0%9F%94%91", "🔑")]
    [InlineData("%25", "%")]
    [InlineData("", "")]
    public void A_name_is_percent_decoded(string encoded, string name)
    {
        Assert.True(KeyShareQuery.TryParse(Good.Replace("sofia", encoded, StringComparison.Ordinal), out var query));

        Assert.Equal(name, query.SlaveSaeId);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("a%")]
    [InlineData("a%4")]
    [InlineData("%4g")]
    [InlineData("%g4")]
    [InlineData("%%41")]
    [InlineData("% 41")]
    [InlineData("%+4")]
    [InlineData("%-4")]
    [InlineData("%u0041")]
    [InlineData("caf%E9")]
    [InlineData("%C3")]
    [InlineData("%C0%80")]
    [InlineData("%ED%A0%80")]
    [InlineData("%F5%80%80%80")]
    [InlineData("%FF")]
    [InlineData("café")]
    [InlineData("\ud83d\udd11")]
    [InlineData("\ud83d")]
    public void A_broken_escape_or_what_is_no_UTF_8_is_refused(string value)
    {
        AssertRefused(Good.Replace("sofia", value, StringComparison.Ordinal));
        AssertRefused(Good.Replace("connie", value, StringComparison.Ordinal));
        AssertRefused(Good.Replace(KeyId, KeyId + value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&")]
    [InlineData("=")]
    [InlineData("client_name")]
    [InlineData("client_name=connie")]
    [InlineData("master_sae_id=sam&slave_sae_id=sofia&key_id=" + KeyId)]
    [InlineData("client_name=connie&slave_sae_id=sofia&key_id=" + KeyId)]
    [InlineData("client_name=connie&master_sae_id=sam&key_id=" + KeyId)]
    [InlineData("client_name=connie&master_sae_id=sam&slave_sae_id=sofia")]
    public void A_parameter_that_is_missing_is_noticed(string raw) => AssertRefused(raw);

    [Theory]
    [InlineData("client_name=connie")]
    [InlineData("client_name=carol")]
    [InlineData("client_name=")]
    [InlineData("master_sae_id=sam")]
    [InlineData("slave_sae_id=sofia")]
    [InlineData("key_id=" + KeyId)]
    [InlineData("key_id=11111111-2222-4333-8444-555555555555")]
    [InlineData("bind=1&bind=1")]
    [InlineData("bind=1&more=1&bind=1")]
    public void A_parameter_that_stands_twice_is_refused(string more)
    {
        AssertRefused(Good + "&" + more);
        AssertRefused(more + "&" + Good);
    }

    [Theory]
    [InlineData("more=1")]
    [InlineData("more")]
    [InlineData("=")]
    [InlineData("")]
    [InlineData("Bind=1")]
    [InlineData("bind")]
    [InlineData("bind=")]
    [InlineData("bind=0")]
    [InlineData("bind=2")]
    [InlineData("bind=true")]
    [InlineData("bind=01")]
    [InlineData("%62ind=1")]
    [InlineData("also=susan")]
    [InlineData("owner=client")]
    public void What_is_not_understood_is_refused(string more)
    {
        AssertRefused(Good + "&" + more);
        AssertRefused(more + "&" + Good);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zzz")]
    [InlineData("not-a-uuid")]
    [InlineData("0c2a6fd36b0f4a449d0f2f3b2a6f5c11")]
    [InlineData("{0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11}")]
    [InlineData("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c1")]
    [InlineData("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c111")]
    [InlineData("+0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11")]
    [InlineData("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11%20")]
    [InlineData("%09" + KeyId)]
    [InlineData("%2Bc2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11")]
    [InlineData("0x2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11")]
    public void A_key_ID_is_a_UUID(string keyId) => AssertRefused(Good.Replace(KeyId, keyId, StringComparison.Ordinal));

    [Fact]
    public void A_query_has_at_most_8192_characters()
    {
        var padding = KeyShareQuery.MaxLength - Good.Length + "sofia".Length;

        Assert.True(KeyShareQuery.TryParse(Good.Replace("sofia", new string('a', padding), StringComparison.Ordinal), out _));
        AssertRefused(Good.Replace("sofia", new string('a', padding + 1), StringComparison.Ordinal));
        AssertRefused(new string('&', 10_000_000));
    }

    [Fact]
    public void Three_names_of_the_greatest_length_fit_even_if_every_character_is_escaped()
    {
        var name = new string('漢', 255);
        var query = new KeyShareQuery { ClientName = name, MasterSaeId = name, SlaveSaeId = name, KeyId = Guid.Parse(KeyId), Bind = true };

        Assert.True(KeyShareQuery.TryParse(query.ToString(), out var read));
        Assert.Equal(query, read);
    }

    [Fact]
    public void Anything_else_is_refused_without_an_exception() =>
        Gen.OneOf(Gen.String, Gen.String.Select(text => Good + "&" + text), Gen.String.Select(text => Good.Replace("sofia", text, StringComparison.Ordinal)))
            .Sample(text =>
            {
                if (KeyShareQuery.TryParse(text, out var query))
                {
                    Assert.True(KeyShareQuery.TryParse(query.ToString(), out var again));
                    Assert.Equal(query, again);
                }
            });

    private static void AssertRefused(string raw)
    {
        Assert.False(KeyShareQuery.TryParse(raw, out var query));
        Assert.Null(query);
    }
}
