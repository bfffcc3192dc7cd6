using Dske.Encryptor.Tunnels;
using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.Encryptor.Links;

[Trait("Tier", "Unit")]
public sealed class TargetListTests
{
    [Theory]
    [InlineData("127.0.0.1:9002", true)]
    [InlineData("127.0.0.1:9000", true)]
    [InlineData("127.0.0.1:9999", true)]
    [InlineData("127.0.0.1:10000", false)]
    [InlineData("127.0.0.1:8999", false)]
    [InlineData("127.0.0.2:9002", false)]
    [InlineData("localhost:9002", false)]
    [InlineData("DB.example:5432", true)]
    [InlineData("db.example:5433", false)]
    [InlineData("[::1]:80", true)]
    public void A_tunnel_leads_where_the_list_says_and_nowhere_else(string target, bool isAllowed)
    {
        Assert.True(TargetList.TryParse(["127.0.0.1:9000-9999", "db.example:5432", "[0:0:0:0:0:0:0:1]:80"], out var list, out _));
        Assert.True(StreamTarget.TryParse(target, out var parsed));
        Assert.Equal(isAllowed, list.Allows(parsed));
    }

    [Fact]
    public void An_empty_list_allows_nothing()
    {
        Assert.True(TargetList.TryParse([], out var list, out _));
        Assert.True(StreamTarget.TryParse("127.0.0.1:9002", out var parsed));
        Assert.False(list.Allows(parsed));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:9000-8999")]
    [InlineData("127.0.0.1:9000-65536")]
    [InlineData("127.0.0.1:9000-")]
    [InlineData("*:80")]
    [InlineData("")]
    public void What_is_no_entry_is_named(string entry)
    {
        Assert.False(TargetList.TryParse(["127.0.0.1:1", entry], out _, out var wrong));
        Assert.Equal(entry, wrong);
        var options = new TunnelOptions { Targets = { entry } };
        Assert.Contains("Dske:Encryptor:Tunnels:Targets", Assert.Single(TunnelOptions.FindProblems(options)), StringComparison.Ordinal);
    }
}
