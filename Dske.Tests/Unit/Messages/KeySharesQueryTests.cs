using CsCheck;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Tests.Unit.Messages;

[Trait("Tier", "Unit")]
public sealed class KeySharesQueryTests
{
    private const string First = "0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11";
    private const string Second = "5c3f3b06-6ad0-4a6b-9c0c-3d0c1a6a3b55";
    private const string Good = "client_name=celia&master_sae_id=sam&slave_sae_id=zo%C3%AB&key_ids=" + First + "," + Second + "&bind=1";

    [Fact]
    public void A_query_is_read()
    {
        Assert.True(KeySharesQuery.TryParse(Good, out var query));

        Assert.Equal(("celia", "sam", "zoë"), (query.ClientName, query.MasterSaeId, query.SlaveSaeId));
        Assert.Equal([Guid.Parse(First), Guid.Parse(Second)], query.KeyIds);
        Assert.Equal(Good, query.ToString());
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Gen.Select(Gen.String[1, 20], Gen.Guid.HashSet[1, KeySharesQuery.MaxKeys].Select(keys => keys.ToArray())).Where(sample => SaeId.TryParse(sample.Item1, out _)).Sample((sae, keys) =>
    {
        var text = new KeySharesQuery { ClientName = "carol", MasterSaeId = sae, SlaveSaeId = sae, KeyIds = keys }.ToString();

        Assert.True(KeySharesQuery.TryParse(text, out var read));
        Assert.Equal((sae, text), (read.SlaveSaeId, read.ToString()));
        Assert.Equal(keys, read.KeyIds);
    });

    [Fact]
    public void As_many_keys_as_a_message_may_have_fit_in_and_no_more()
    {
        var keys = Enumerable.Range(0, KeySharesQuery.MaxKeys).Select(i => new Guid(i, 0, 0, new byte[8])).ToList();
        var longest = string.Concat(Enumerable.Repeat("ë", SaeId.MaxLength));
        var query = new KeySharesQuery { ClientName = "carol", MasterSaeId = longest, SlaveSaeId = longest, KeyIds = keys };

        Assert.InRange(query.ToString().Length, 1, KeySharesQuery.MaxLength);
        Assert.True(KeySharesQuery.TryParse(query.ToString(), out _));
        Assert.False(KeySharesQuery.TryParse((query with { KeyIds = [.. keys, Guid.Parse(First)] }).ToString(), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=zoe&key_ids=" + First)]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=zoe&bind=1")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=zoe&key_ids=&bind=1")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=zoe&key_ids=" + First + ",&bind=1")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=zoe&key_ids=" + First + "," + First + "&bind=1")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=zoe&key_ids=" + First + "%2C" + Second + "&bind=1")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=zoe&key_ids=" + First + "&bind=0")]
    [InlineData(Good + "&bind=1")]
    [InlineData(Good + "&key_ids=" + Second)]
    [InlineData(Good + "&also=sam")]
    [InlineData(Good + "&")]
    [InlineData("client_name=%GG&master_sae_id=sam&slave_sae_id=zoe&key_ids=" + First + "&bind=1")]
    public void Anything_else_is_refused(string text) => Assert.False(KeySharesQuery.TryParse(text, out _));
}
