using System.Net;
using System.Net.Sockets;
using Dske.ServiceDefaults.Connections;
using Microsoft.AspNetCore.Builder;

namespace Dske.Tests.Services.ServiceDefaults;

[Trait("Tier", "Services")]
public sealed class ConnectionLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task An_address_that_has_its_connections_gets_no_more_until_it_closes_one()
    {
        await using var node = await StartAsync(("Dske:Connections:MaxPerAddress", "3"));
        var held = new List<TcpClient>();
        for (var i = 0; i < 3; i++)
        {
            held.Add(await OpenAsync(node, IPAddress.Loopback));
            Assert.True(await IsServedAsync(held[^1]));
        }

        Assert.False(await IsServedAsync(node, IPAddress.Loopback));

        // Others are not concerned.
        Assert.True(await IsServedAsync(node, IPAddress.Parse("127.0.0.2")));

        held[0].Dispose();
        while (!await IsServedAsync(node, IPAddress.Loopback))
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        held.ForEach(connection => connection.Dispose());
    }

    [Theory]
    [InlineData("Max", "0")]
    [InlineData("MaxPerAddress", "1000001")]
    public void Limits_that_cannot_be_are_named(string key, string value)
    {
        var options = new ConnectionOptions();
        typeof(ConnectionOptions).GetProperty(key)!.SetValue(options, int.Parse(value, System.Globalization.CultureInfo.InvariantCulture));

        Assert.StartsWith($"Dske:Connections:{key} has to be", Assert.Single(ConnectionOptions.FindProblems(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2::1", "20010DB800010002")]
    [InlineData("2001:db8:1:2:ffff::9", "20010DB800010002")]
    [InlineData(null, "")]
    public void A_caller_is_known_by_what_it_cannot_change_at_will(string? address, string expected)
        => Assert.Equal(expected, CallerAddress.Describe(address is null ? null : IPAddress.Parse(address)));

    private static Task<TestNode> StartAsync(params (string Key, string Value)[] settings)
        => TestNode.StartAsync(app => app.MapGet("/", () => "done"), settings: settings);

    private static async Task<TcpClient> OpenAsync(TestNode node, IPAddress from)
    {
        var connection = new TcpClient(new IPEndPoint(from, 0));
        await connection.ConnectAsync(IPAddress.Loopback, node.Client.BaseAddress!.Port, Cancellation);
        return connection;
    }

    /// <summary>Whether a new connection is served. The reset of one that is refused can come while it is still being opened.</summary>
    private static async Task<bool> IsServedAsync(TestNode node, IPAddress from)
    {
        try
        {
            using var connection = await OpenAsync(node, from);
            return await IsServedAsync(connection);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    /// <summary>Whether a request is answered; a connection that is refused is closed instead.</summary>
    private static async Task<bool> IsServedAsync(TcpClient connection)
    {
        try
        {
            var stream = connection.GetStream();
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancellation);
            return await stream.ReadAsync(new byte[1], Cancellation) == 1;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
