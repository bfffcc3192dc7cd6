using System.Text;
using Dske.Client.Hosting;
using Dske.Client.HubAccess;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Tests.Services.Encryptor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Services.Client;

/// <summary>A hub that answers with more than there can be to say: the client reads so much of it and no more.</summary>
[Trait("Tier", "Services")]
public sealed class LongAnswerTests
{
    private const int BlockSize = 512;

    private static readonly NodeName Hank = NodeName.Parse("hank");

    private static readonly string Registration = """{"hub_name":"hank"}""";

    private static readonly string Block =
        $$"""{"block_uuid":"bc490419-7d60-487f-adc1-4ddcc177c139","data":"{{Convert.ToBase64String(new byte[BlockSize])}}"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_is_too_paddedis_as_good_as_none(bool isAnnounced)
    {
        await using var hub = await TestPeer.StartAsync(async context =>
        {
            // White space at the end of JSON changes nothing of what it says.
            var path = context.Request.Path.Value!;
            var answer = path.EndsWith("/psrd", StringComparison.Ordinal) ? Block : Registration;
            var body = Encoding.ASCII.GetBytes(answer.PadRight(context.Request.Headers.ContainsKey("X-Short") ? 0 : 5 * 1024 * 1024));
            if (isAnnounced)
            {
                context.Response.ContentLength = body.Length;
            }

            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });

        // They would be good answers were they shorter.
        using var ordinary = Reach(hub.Url, isShort: true);
        Assert.NotNull(await SendAsync(ordinary.Transport));
        Assert.NotNull(await RegisterAsync(ordinary.Transport));
        using (var block = await FetchAsync(ordinary.Transport))
        {
            Assert.NotNull(block);
        }

        using var padded = Reach(hub.Url, isShort: false);
        Assert.Null(await SendAsync(padded.Transport));
        Assert.Null(await RegisterAsync(padded.Transport));
        Assert.Null(await FetchAsync(padded.Transport));
    }

    private static Task<HubResponse?> SendAsync(HttpHubTransport transport)
        => transport.SendAsync(Hank, new OutgoingRequest(false, "bind=1", default, "signature"), Cancellation);

    private static Task<RegistrationReply?> RegisterAsync(HttpHubTransport transport) => transport.RegisterAsync(
        Hank, new RegistrationRequest { ClientName = "carol", EncryptorNames = ["sam"] }, Guid.Empty, "00", startOver: false, Cancellation);

    private static Task<PsrdAnswer?> FetchAsync(HttpHubTransport transport)
        => transport.FetchPsrdAsync(Hank, NodeName.Parse("carol"), PoolOwner.Hub, BlockSize, Dialect.Guide, Cancellation);

    /// <summary>The way to the hub as a client has it.</summary>
    private static Way Reach(Uri hub, bool isShort)
    {
        var services = new ServiceCollection();
        foreach (var name in (string[])[HttpHubTransport.InBandClient, HttpHubTransport.OutOfBandClient])
        {
            services.AddHttpClient(name, HttpHubTransport.Configure).ConfigureHttpClient(client =>
            {
                if (isShort)
                {
                    client.DefaultRequestHeaders.Add("X-Short", "1");
                }
            });
        }

        var provider = services.BuildServiceProvider();
        var options = new ClientOptions { Name = "carol", Threshold = 2, Hubs = [new HubAddressOptions { Name = "hank", Url = hub.ToString() }] };
        return new Way(provider, new HttpHubTransport(
            provider.GetRequiredService<IHttpClientFactory>(), Options.Create(options), TimeProvider.System, NullLogger<HttpHubTransport>.Instance));
    }

    private sealed record Way(ServiceProvider Provider, HttpHubTransport Transport) : IDisposable
    {
        public void Dispose()
        {
            Transport.Dispose();
            Provider.Dispose();
        }
    }
}
