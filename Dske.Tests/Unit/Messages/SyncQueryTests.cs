using CsCheck;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Messages;

[Trait("Tier", "Unit")]
public sealed class SyncQueryTests
{
    private const string Turn = "0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11";
    private const string Block = "5c3f3b06-6ad0-4a6b-9c0c-3d0c1a6a3b55";
    private const string Good = "client_name=carol&turn=" + Turn + "&client_owned=" + Block + ":0," + Turn + ":9223372036854775807&hub_owned=&bind=1";

    private static readonly Gen<BlockPosition[]> Positions = Gen.Select(Gen.Guid, Gen.Long[0, long.MaxValue], (id, position) => new BlockPosition(id, position)).Array[0, 20];

    [Fact]
    public void A_query_is_read()
    {
        Assert.True(SyncQuery.TryParse(Good, out var query));

        Assert.Equal(("carol", Guid.Parse(Turn)), (query.ClientName.Value, query.Turn));
        Assert.Equal([new BlockPosition(Guid.Parse(Block), 0), new BlockPosition(Guid.Parse(Turn), long.MaxValue)], query.ClientOwned);
        Assert.Empty(query.HubOwned);
        Assert.Equal(Good, query.ToString());
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Gen.Select(Positions, Positions, Gen.Guid).Sample((clientOwned, hubOwned, turn) =>
    {
        var text = new SyncQuery { ClientName = NodeName.Parse("carol"), Turn = turn, ClientOwned = clientOwned, HubOwned = hubOwned }.ToString();

        Assert.True(SyncQuery.TryParse(text, out var read));
        Assert.Equal((turn, text), (read.Turn, read.ToString()));
        Assert.Equal(clientOwned, read.ClientOwned);
        Assert.Equal(hubOwned, read.HubOwned);
    });

    [Fact]
    public void The_order_of_the_parameters_does_not_matter()
    {
        Assert.True(SyncQuery.TryParse(string.Join('&', Good.Split('&').Reverse()), out var query));

        Assert.Equal(Good, query.ToString());
    }

    [Fact]
    public void As_many_blocks_as_a_pool_may_have_fit_in_and_no_more()
    {
        var blocks = Enumerable.Range(0, SyncQuery.MaxBlocks).Select(i => new BlockPosition(new Guid(i, 0, 0, new byte[8]), long.MaxValue)).ToList();
        var query = new SyncQuery { ClientName = NodeName.Parse("carol"), Turn = Guid.Empty, ClientOwned = blocks, HubOwned = blocks };

        Assert.InRange(query.ToString().Length, 1, SyncQuery.MaxLength);
        Assert.True(SyncQuery.TryParse(query.ToString(), out _));
        Assert.False(SyncQuery.TryParse((query with { ClientOwned = [.. blocks, new BlockPosition(Guid.Empty, 0)], HubOwned = [] }).ToString(), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&")]
    [InlineData(Good + "&")]
    [InlineData("&" + Good)]
    [InlineData(Good + "&bind=1")]
    [InlineData(Good + "&hub_owned=")]
    [InlineData(Good + "&turn=" + Turn)]
    [InlineData(Good + "&client_name=carol")]
    [InlineData(Good + "&also=sofia")]
    [InlineData(Good + "&Bind=1")]
    public void A_parameter_that_is_double_or_unknown_is_refused(string query) => Assert.False(SyncQuery.TryParse(query, out _));

    [Theory]
    [InlineData("client_name")]
    [InlineData("turn")]
    [InlineData("client_owned")]
    [InlineData("hub_owned")]
    [InlineData("bind")]
    public void A_parameter_that_is_missing_or_has_no_value_is_refused(string name)
    {
        var parameters = Good.Split('&');
        Assert.False(SyncQuery.TryParse(string.Join('&', parameters.Where(parameter => !parameter.StartsWith(name + "=", StringComparison.Ordinal))), out _));
        Assert.False(SyncQuery.TryParse(string.Join('&', parameters.Select(parameter => parameter.StartsWith(name + "=", StringComparison.Ordinal) ? name : parameter)), out _));
    }

    [Theory]
    [InlineData("client_name=", "client_name=Carol")]
    [InlineData("client_name=", "client_name=")]
    [InlineData("client_name=", "client_name=car%6Fl")]
    [InlineData("turn=", "turn=")]
    [InlineData("turn=", "turn={0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11}")]
    [InlineData("turn=", "turn=0c2a6fd36b0f4a449d0f2f3b2a6f5c11")]
    [InlineData("bind=", "bind=")]
    [InlineData("bind=", "bind=0")]
    [InlineData("bind=", "bind=11")]
    [InlineData("client_owned=", "client_owned=,")]
    [InlineData("client_owned=", "client_owned=" + Block)]
    [InlineData("client_owned=", "client_owned=" + Block + ":")]
    [InlineData("client_owned=", "client_owned=" + Block + ":-1")]
    [InlineData("client_owned=", "client_owned=" + Block + ":+1")]
    [InlineData("client_owned=", "client_owned=" + Block + ":01")]
    [InlineData("client_owned=", "client_owned=" + Block + ": 1")]
    [InlineData("client_owned=", "client_owned=" + Block + ":1x")]
    [InlineData("client_owned=", "client_owned=" + Block + ":9223372036854775808")]
    [InlineData("client_owned=", "client_owned=" + Block + ":1,")]
    [InlineData("client_owned=", "client_owned=," + Block + ":1")]
    [InlineData("client_owned=", "client_owned=" + Block + ":1;" + Turn + ":1")]
    [InlineData("hub_owned=", "hub_owned=" + Block + ":1:2")]
    [InlineData("hub_owned=", "hub_owned=" + Block + "%3A1")]
    public void A_value_that_is_not_spelled_properly_is_refused(string parameter, string instead)
        => Assert.False(SyncQuery.TryParse(string.Join('&', Good.Split('&').Select(given => given.StartsWith(parameter, StringComparison.Ordinal) ? instead : given)), out _));

    [Fact]
    public void Whatever_is_sent_instead_is_refused_without_a_fault() => Gen.String.Sample(text => Assert.False(SyncQuery.TryParse(text, out _)));

    [Fact]
    public void A_statement_is_read_back()
    {
        var statement = new LinkStatement
        {
            Turn = Guid.Parse(Turn),
            ClientOwned = [new BlockPosition(Guid.Parse(Block), 512)],
            HubOwned = [],
        };

        var json = MessageJson.Write(statement, Dialect.Guide);

        Assert.Equal($$"""{"turn":"{{Turn}}","client_owned":[{"block_uuid":"{{Block}}","position":512}],"hub_owned":[]}""", System.Text.Encoding.UTF8.GetString(json));
        Assert.True(MessageJson.TryRead<LinkStatement>(json, Dialect.Guide, out var read));
        Assert.Equal((statement.Turn, statement.ClientOwned[0], 0), (read.Turn, Assert.Single(read.ClientOwned), read.HubOwned.Count));
    }

    [Theory]
    [InlineData("""{"client_owned":[],"hub_owned":[]}""")]
    [InlineData("""{"turn":"0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11","hub_owned":[]}""")]
    [InlineData("""{"turn":"0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11","client_owned":null,"hub_owned":[]}""")]
    [InlineData("""{"turn":"0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11","client_owned":[],"hub_owned":[],"more":1}""")]
    [InlineData("""{"turn":"0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11","client_owned":[{"block_uuid":"0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11","position":"1"}],"hub_owned":[]}""")]
    [InlineData("""{"turn":1,"client_owned":[],"hub_owned":[]}""")]
    [InlineData("")]
    public void A_statement_that_is_not_whole_is_refused(string json)
        => Assert.False(MessageJson.TryRead<LinkStatement>(System.Text.Encoding.UTF8.GetBytes(json), Dialect.Guide, out _));
}
