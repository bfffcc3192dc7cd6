using CsCheck;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Tests.Unit.Messages;

[Trait("Tier", "Unit")]
public sealed class SharePostQueryTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("bind=1", true)]
    [InlineData("bind=1&also=susan", true, "susan")]
    [InlineData("bind=1&also=susan&also=zo%C3%AB%26b%3D", true, "susan", "zoë&b=")]
    public void A_query_is_read(string text, bool bind, params string[] also)
    {
        Assert.True(SharePostQuery.TryParse(text, out var query));

        Assert.Equal(bind, query.Bind);
        Assert.Equal(also, query.Also.Select(sae => sae.Value));
        Assert.Equal(text, query.ToString());
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Gen.String[1, 20].Where(text => SaeId.TryParse(text, out _)).HashSet[0, SharePostQuery.MaxAlso].Select(also => also.ToArray()).Sample(also =>
    {
        var query = new SharePostQuery { Bind = true, Also = [.. also.Select(SaeId.Parse)] };

        Assert.True(SharePostQuery.TryParse(query.ToString(), out var read));
        Assert.Equal(also, read.Also.Select(sae => sae.Value));
    });

    [Fact]
    public void As_many_encryptors_as_a_key_may_have_fit_in_and_no_more()
    {
        var also = Enumerable.Range(0, SharePostQuery.MaxAlso + 1)
            .Select(i => SaeId.Parse(string.Concat(Enumerable.Repeat("ë", SaeId.MaxLength - 1)) + (char)('a' + i))).ToList();
        var query = new SharePostQuery { Bind = true, Also = also[1..] };

        Assert.InRange(query.ToString().Length, 1, SharePostQuery.MaxLength);
        Assert.True(SharePostQuery.TryParse(query.ToString(), out _));
        Assert.False(SharePostQuery.TryParse((query with { Also = also }).ToString(), out _));
    }

    [Theory]
    [InlineData("bind=0")]
    [InlineData("bind=1&")]
    [InlineData("also=susan")]
    [InlineData("also=susan&bind=1")]
    [InlineData("bind=1&also=")]
    [InlineData("bind=1&also=%20")]
    [InlineData("bind=1&also=susan&also=susan")]
    [InlineData("bind=1&also=%GG")]
    [InlineData("bind=1&also=%C3")]
    [InlineData("bind=1&bind=1")]
    [InlineData("bind=1&Also=susan")]
    [InlineData("bind=1&slave=susan")]
    public void Anything_else_is_refused(string text) => Assert.False(SharePostQuery.TryParse(text, out _));
}
