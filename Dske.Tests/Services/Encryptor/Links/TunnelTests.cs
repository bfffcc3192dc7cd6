using System.Net.Sockets;

namespace Dske.Tests.Services.Encryptor.Links;

[Trait("Tier", "Services")]
public sealed class TunnelTests
{
    [Theory]
    [InlineData("aes-256-gcm")]
    [InlineData("one-time-pad")]
    public async Task Bytes_come_out_as_they_went_in_in_both_directions(string cipher)
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync(new { cipher, pad_bytes = 8 * 1024 * 1024 });
        using var service = new TcpPeer();
        _ = service.EchoAsync();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        var sent = new byte[3_000_000];
        new Random(5).NextBytes(sent);
        var sending = TcpPeer.SendAsync(client, sent);
        Assert.Equal(sent, await TcpPeer.ReadAsync(client, sent.Length));
        await sending;

        // And the end comes after the last byte.
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await TcpPeer.ReadAsync(client, 1));
    }

    [Fact]
    public async Task An_end_that_has_said_all_goes_on_hearing()
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync();
        using var service = new TcpPeer();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        using var server = await service.AcceptAsync();
        await TcpPeer.SendAsync(client, "question"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("question"u8.ToArray(), await TcpPeer.ReadAsync(server, 100));
        await TcpPeer.SendAsync(server, "answer"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer"u8.ToArray(), await TcpPeer.ReadAsync(client, 100));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_is_carried_over(bool fromClient)
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync();
        using var service = new TcpPeer();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        using var server = await service.AcceptAsync();
        await TcpPeer.SendAsync(client, "x"u8.ToArray());
        Assert.Single(await TcpPeer.ReadAsync(server, 1));
        var (breaking, other) = fromClient ? (client, server) : (server, client);
        breaking.LingerState = new LingerOption(true, 0);
        breaking.Close();
        Assert.True(await TcpPeer.IsResetAsync(other));
    }

    [Fact]
    public async Task A_receiver_that_does_not_read_holds_its_sender_up_and_nobody_else()
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync(new { roll_over_seconds = 1 });
        using var service = new TcpPeer();
        var port = await pair.TunnelAsync(service.Port);
        using var client = await TcpPeer.ConnectAsync(port);
        using var server = await service.AcceptAsync();
        var sent = new byte[64 * 1024 * 1024];
        new Random(6).NextBytes(sent);
        var sending = TcpPeer.SendAsync(client, sent);

        // What is in buffers along the way is far less than that. Meanwhile another connection goes on, and keys change.
        var epoch = await EpochAsync(pair);
        await LinkedPair.UntilAsync(async () => await EpochAsync(pair) > epoch + 2, "keys have changed");
        Assert.False(sending.IsCompleted);
        using var second = await TcpPeer.ConnectAsync(port);
        using var secondServer = await service.AcceptAsync();
        await TcpPeer.SendAsync(second, "hello"u8.ToArray());
        Assert.Equal("hello"u8.ToArray(), await TcpPeer.ReadAsync(secondServer, 5));

        Assert.Equal(sent, await TcpPeer.ReadAsync(server, sent.Length));
        await sending;
    }

    [Fact]
    public async Task Many_connections_go_at_once_while_keys_change_and_lose_nothing()
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync(new { roll_over_seconds = 1 });
        using var service = new TcpPeer();
        _ = service.EchoAsync();
        var port = await pair.TunnelAsync(service.Port);
        var epoch = await EpochAsync(pair);
        var goesOn = true;
        var connections = Enumerable.Range(0, 40).Select(async i =>
        {
            using var client = await TcpPeer.ConnectAsync(port);
            var random = new Random(i);
            var rounds = 0;
            do
            {
                var sent = new byte[1 + random.Next(20_000)];
                random.NextBytes(sent);
                await TcpPeer.SendAsync(client, sent);
                Assert.Equal(sent, await TcpPeer.ReadAsync(client, sent.Length));
                rounds++;
            }
            while (Volatile.Read(ref goesOn));

            return rounds;
        }).ToList();

        // One that rests goes over to new keys as well.
        using var resting = await TcpPeer.ConnectAsync(port);
        await TcpPeer.SendAsync(resting, "a"u8.ToArray());
        Assert.Single(await TcpPeer.ReadAsync(resting, 1));
        await LinkedPair.UntilAsync(async () => await EpochAsync(pair) > epoch + 4, "keys have changed");
        Volatile.Write(ref goesOn, false);
        Assert.All(await Task.WhenAll(connections), rounds => Assert.True(rounds > 0));
        await TcpPeer.SendAsync(resting, "b"u8.ToArray());
        Assert.Equal("b"u8.ToArray(), await TcpPeer.ReadAsync(resting, 1));
        var link = await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam");
        Assert.Empty(link!.Value.GetProperty("rejected").EnumerateObject());
    }

    [Fact]
    public async Task Connections_to_what_is_not_allowed_or_not_there_are_reset()
    {
        await using var pair = await LinkedPair.StartAsync(("Tunnels:Targets:0", "127.0.0.1:1"));
        await pair.LinkAsync();
        using var service = new TcpPeer();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        Assert.True(await TcpPeer.IsResetAsync(client));
        using var other = await TcpPeer.ConnectAsync(await pair.TunnelAsync(1, "nobody"));
        Assert.True(await TcpPeer.IsResetAsync(other));
        var link = await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam");
        Assert.Equal(1, link!.Value.GetProperty("rejected").GetProperty("target").GetInt64());
    }

    [Theory]
    [InlineData("sam")]
    [InlineData("sofia")]
    public async Task After_a_restart_of_either_end_the_tunnel_is_there_again(string restarted)
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync();
        using var service = new TcpPeer();
        _ = service.EchoAsync();
        var port = await pair.TunnelAsync(service.Port);
        using var before = await TcpPeer.ConnectAsync(port);
        await TcpPeer.SendAsync(before, "x"u8.ToArray());
        Assert.Single(await TcpPeer.ReadAsync(before, 1));
        var keys = pair.Kme.Keys.Count;

        await pair.RestartAsync(restarted);
        Assert.True(await TcpPeer.IsResetAsync(before));
        await LinkedPair.UntilAsync(
            async () =>
            {
                try
                {
                    using var after = await TcpPeer.ConnectAsync(port);
                    await TcpPeer.SendAsync(after, "y"u8.ToArray());
                    return (await TcpPeer.ReadAsync(after, 1)).Length == 1;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "the tunnel carries again");
        Assert.True(pair.Kme.Keys.Count > keys, "It came back with keys of before.");
    }

    private static async Task<long> EpochAsync(LinkedPair pair) => (await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"))!.Value.GetProperty("epoch").GetInt64();
}
