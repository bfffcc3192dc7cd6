using System.Net.Sockets;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>Somebody between two encryptors who changes, repeats or swallows what goes by.</summary>
[Trait("Tier", "Services")]
public sealed class InterferenceTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "aes-256-gcm", "change", "forged" },
        { "aes-256-gcm", "repeat", "out_of_order" },
        { "aes-256-gcm", "swallow", "out_of_order" },
        { "one-time-pad", "change", "forged" },
        { "one-time-pad", "repeat", "key_missing" },
        { "one-time-pad", "swallow", "forged" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_ends_the_connection_with_nothing_wrong_passed_on(string cipher, string deed, string reason)
    {
        using var proxy = new InterferingProxy();
        await using var pair = await LinkedPair.StartAsync(proxy.Before);
        await pair.LinkAsync(new { cipher });
        using var service = new TcpPeer();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        using var server = await service.AcceptAsync();
        await TcpPeer.SendAsync(client, "before"u8.ToArray());
        Assert.Equal("before"u8.ToArray(), await TcpPeer.ReadAsync(server, 6));

        // The record of the first deed, and then what comes: a swallowed record shows in the next one.
        var isDone = false;
        proxy.Interference = bytes =>
        {
            if (isDone || bytes[0] != 2)
            {
                return bytes;
            }

            isDone = true;
            switch (deed)
            {
                case "change":
                    bytes[14] ^= 1;
                    return bytes;
                case "repeat":
                    return [.. bytes, .. bytes];
                default:
                    return [];
            }
        };
        await TcpPeer.SendAsync(client, "during"u8.ToArray());
        await LinkedPair.UntilAsync(() => Task.FromResult(isDone), "the record went by");
        var received = new List<byte>();

        // Whoever is sending already may be told then, and only then.
        var wasReset = false;
        try
        {
            await TcpPeer.SendAsync(client, "after"u8.ToArray());
        }
        catch (SocketException)
        {
            wasReset = true;
        }

        try
        {
            while (await TcpPeer.ReadAsync(server, 1) is [var b])
            {
                received.Add(b);
            }

            Assert.Fail("What was broken off looked as if it had ended.");
        }
        catch (SocketException)
        {
            // A reset: what came before it is what was sent.
        }

        Assert.True("during"u8.StartsWith(received.ToArray()), Convert.ToHexString(received.ToArray()));
        var link = (await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"))!.Value;
        Assert.Equal(1, link.GetProperty("rejected").GetProperty(reason).GetInt64());
        Assert.True(wasReset || await TcpPeer.IsResetAsync(client));
    }

    [Theory]
    [InlineData("aes-256-gcm")]
    [InlineData("one-time-pad")]
    public async Task A_ready_that_is_lost_costs_no_key_of_either_direction(string cipher)
    {
        using var proxy = new InterferingProxy();
        var lost = 0;
        proxy.Interference = bytes => bytes.AsSpan().IndexOf("DSKL\u0001\u0003"u8) >= 0 && Interlocked.Increment(ref lost) <= 2 ? null : bytes;
        await using var pair = await LinkedPair.StartAsync(proxy.Before);
        await pair.LinkAsync(new { cipher });

        // A link is up as soon as both ends have proved that they hold the keys; the driver repeats what was lost after that.
        await LinkedPair.UntilAsync(() => Task.FromResult(Volatile.Read(ref lost) > 2), "a ready has come through");
        using var service = new TcpPeer();
        _ = service.EchoAsync();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        var sent = new byte[200_000];
        new Random(5).NextBytes(sent);
        var sending = TcpPeer.SendAsync(client, sent);
        Assert.Equal(sent, await TcpPeer.ReadAsync(client, sent.Length));
        await sending;
    }

    [Fact]
    public async Task A_connection_that_is_cut_short_is_a_reset_and_not_an_end()
    {
        using var proxy = new InterferingProxy();
        await using var pair = await LinkedPair.StartAsync(proxy.Before);
        await pair.LinkAsync();
        using var service = new TcpPeer();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        using var server = await service.AcceptAsync();
        await TcpPeer.SendAsync(client, "whole"u8.ToArray());
        Assert.Equal("whole"u8.ToArray(), await TcpPeer.ReadAsync(server, 5));
        proxy.Interference = bytes => bytes[0] == 2 ? null : bytes;
        await TcpPeer.SendAsync(client, "cut"u8.ToArray());
        Assert.True(await TcpPeer.IsResetAsync(server));
    }
}
