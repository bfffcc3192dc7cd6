using Dske.Protocol.Messages;

namespace Dske.Tests.Unit.Messages;

[Trait("Tier", "Unit")]
public sealed class EncryptorsQueryTests
{
    [Theory]
    [InlineData("client_name=carol&bind=1", null)]
    [InlineData("client_name=carol&sae_id=zo%C3%AB&bind=1", "zoë")]
    public void A_query_is_read(string text, string? sae)
    {
        Assert.True(EncryptorsQuery.TryParse(text, out var query));

        Assert.Equal(("carol", sae), (query.ClientName, query.SaeId?.Value));
        Assert.Equal(text, query.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("client_name=carol")]
    [InlineData("bind=1")]
    [InlineData("client_name=carol&bind=2")]
    [InlineData("client_name=carol&sae_id=&bind=1")]
    [InlineData("client_name=carol&sae_id=%20&bind=1")]
    [InlineData("client_name=carol&sae_id=sam&sae_id=sam&bind=1")]
    [InlineData("client_name=carol&client_name=carol&bind=1")]
    [InlineData("client_name=carol&bind=1&bind=1")]
    [InlineData("client_name=carol&other=1&bind=1")]
    [InlineData("client_name=carol&sae_id=%GG&bind=1")]
    public void Anything_else_is_refused(string text) => Assert.False(EncryptorsQuery.TryParse(text, out _));
}
