using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Services.Client;

/// <summary>SKIP over TLS-PSK: stunnel on both sides, and the client behind it on plain HTTP over loopback.</summary>
[Trait("Tier", "Services")]
public sealed class SkipFrontTests : IClassFixture<SkipNetwork>, IDisposable
{
    private const string Identity = "router-7";

    private readonly SkipNetwork _network;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly string _key = DrawKey();

    public SkipFrontTests(SkipNetwork network)
    {
        _network = network;
        network.Carol.Services.GetRequiredService<IOptions<ClientOptions>>().Value.Skip.FrontPort = network.Carol.Url.Port;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task A_key_can_be_had_through_a_tunnel_and_nothing_but_SKIP()
    {
        await using var front = await StartFrontAsync();
        await using var equipment = await StartEquipmentAsync(front, Identity, _key);
        using var router = ClientOf(equipment);

        var made = await router.GetFromJsonAsync<JsonElement>("/key?remoteSystemID=conny", Token);
        var (id, key) = (made.GetProperty("keyId").GetString()!, made.GetProperty("key").GetString()!);
        Assert.Equal((id, key), await _network.Conny.GetSkipKeyAsync($"/key/{id}?remoteSystemID=carol"));
        Assert.Contains("TLSv1.2 ciphersuite: DHE-PSK-AES256-CBC-SHA", front.Log, StringComparison.Ordinal);
        Assert.Contains($"PSK identity \"{Identity}\"", front.Log, StringComparison.Ordinal);

        // What is for this machine is not for whoever holds the pre-shared key.
        using var status = await router.GetAsync("/client/carol/mgmt/v1/status", Token);
        using var stop = await router.PostAsync("/client/carol/mgmt/v1/stop", null, Token);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (status.StatusCode, stop.StatusCode));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_key_or_an_unknown_identity_is_refused(bool isKnown)
    {
        await using var front = await StartFrontAsync();
        await using var equipment = await StartEquipmentAsync(front, isKnown ? Identity : "router-8", isKnown ? DrawKey() : _key);
        using var router = ClientOf(equipment);

        await Assert.ThrowsAsync<HttpRequestException>(() => router.GetAsync("/capabilities", Token));

        await Eventually.TrueAsync(() => front.Log.Contains("SSL_accept: ", StringComparison.Ordinal), "the front says what was wrong");
        Assert.DoesNotContain("TLS accepted", front.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("s_connect", front.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_caller_without_TLS_is_refused()
    {
        await using var front = await StartFrontAsync();
        using var router = ClientOf(front);

        await Assert.ThrowsAsync<HttpRequestException>(() => router.GetAsync("/capabilities", Token));

        Assert.DoesNotContain("s_connect", front.Log, StringComparison.Ordinal);
    }

    private static string DrawKey() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    private static HttpClient ClientOf(Stunnel end) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{end.Port}") };

    private Task<Stunnel> StartFrontAsync()
    {
        Assert.SkipWhen(Stunnel.Program is null, "Needs stunnel (package stunnel4 of Debian).");
        return Stunnel.StartAsync(_directory, isClient: false, _network.Carol.Url.Port, Identity, _key);
    }

    private Task<Stunnel> StartEquipmentAsync(Stunnel front, string identity, string key) => Stunnel.StartAsync(_directory, isClient: true, front.Port, identity, key);
}
