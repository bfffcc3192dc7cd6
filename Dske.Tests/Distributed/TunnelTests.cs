using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Dske.Tests.Services.Encryptor.Links;

namespace Dske.Tests.Distributed;

/// <summary>A tunnel from sam to sofia through the whole network, of which encryptors and hubs are killed.</summary>
[Trait("Tier", "Distributed")]
[Collection(NetworkFixture.Collection)]
public sealed class TunnelTests(NetworkFixture network) : IAsyncLifetime
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MendTimeout = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(MendTimeout);
        await network.MendAsync(timeout.Token);
        using var sam = network.Application.CreateHttpClient("sam");
        using var tunnel = await sam.DeleteAsync("/encryptor/sam/api/v1/tunnels/test", timeout.Token);
        using var link = await sam.DeleteAsync("/encryptor/sam/api/v1/links/sofia", timeout.Token);
    }

    [Fact(Timeout = 2 * NetworkFixture.TestTimeout)]
    public async Task It_carries_again_after_kills_of_either_encryptor_and_of_two_hubs()
    {
        using var service = new TcpPeer(9000, 9999);
        _ = service.EchoAsync();
        var listen = LinkedPair.FreePort();
        using (var sam = network.Application.CreateHttpClient("sam"))
        {
            await PutAsync(sam, "links/sofia", new { roll_over_seconds = 1 });
            await PutAsync(sam, "tunnels/test", new { listen = $"127.0.0.1:{listen}", peer = "sofia", target = $"127.0.0.1:{service.Port}" });
        }

        await UntilCarriesAsync(listen);

        // Without two hubs keys go on changing, and a connection that is open does not notice.
        using (var connection = await TcpPeer.ConnectAsync(listen))
        {
            Assert.True(await CarriesAsync(connection));
            await network.KillAsync(["hank", "hugo"], Cancellation);
            var epoch = await EpochAsync();
            while (await EpochAsync() < epoch + 2)
            {
                Assert.True(await CarriesAsync(connection));
                await Task.Delay(RetryInterval, TimeProvider.System, Cancellation);
            }

            Assert.True(await CarriesAsync(connection));
        }

        foreach (var encryptor in new[] { "sofia", "sam" })
        {
            await network.KillAsync([encryptor], Cancellation);
            await network.StartAsync(encryptor, Cancellation);
            await UntilCarriesAsync(listen);
        }
    }

    private static async Task PutAsync(HttpClient sam, string path, object body)
    {
        using var answer = await sam.PutAsJsonAsync($"/encryptor/sam/api/v1/{path}", body, Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<long> EpochAsync()
    {
        using var sam = network.Application.CreateHttpClient("sam");
        return (await sam.GetFromJsonAsync<System.Text.Json.JsonElement>("/encryptor/sam/api/v1/links/sofia", Cancellation)).GetProperty("epoch").GetInt64();
    }

    private static async Task UntilCarriesAsync(int port)
    {
        while (true)
        {
            try
            {
                using var connection = await TcpPeer.ConnectAsync(port);
                if (await CarriesAsync(connection))
                {
                    return;
                }
            }
            catch (SocketException)
            {
                // Nobody listens yet, or the link is not up.
            }

            await Task.Delay(RetryInterval, TimeProvider.System, Cancellation);
        }
    }

    private static async Task<bool> CarriesAsync(Socket connection)
    {
        await TcpPeer.SendAsync(connection, "hello"u8.ToArray());
        return (await TcpPeer.ReadAsync(connection, 5)).AsSpan().SequenceEqual("hello"u8);
    }
}
