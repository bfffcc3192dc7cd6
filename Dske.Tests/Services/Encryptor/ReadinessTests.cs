using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Services.Encryptor;

[Trait("Tier", "Services")]
public sealed class ReadinessTests
{
    [Fact]
    public async Task An_encryptor_is_ready_when_its_KME_is()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"], time);

        // A KME has a second of real time to answer: the first call, which takes longest, is not to decide.
        await ProbeAsync(sam);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ProbeAsync(sam));

        Refuse(kme);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The KME carol is not ready."), await ProbeAsync(sam));

        kme.Interceptor = null;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ProbeAsync(sam));

        await kme.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The KME carol does not answer."), await ProbeAsync(sam));
    }

    [Fact]
    public async Task The_KME_is_asked_once_a_second_however_often_the_encryptor_is_probed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var kme = await TestKme.StartAsync();
        var asked = 0;
        kme.Intercept(
            context =>
            {
                asked++;
                return context.Response.WriteAsync("ready");
            },
            "/health");
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"], time);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ProbeAsync(sam)));
        time.Advance(TimeSpan.FromMilliseconds(999));
        await ProbeAsync(sam);
        Assert.Equal(1, asked);

        time.Advance(TimeSpan.FromMilliseconds(1));
        await ProbeAsync(sam);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task An_encryptor_is_alive_whatever_its_KME_does()
    {
        await using var kme = await TestKme.StartAsync();
        Refuse(kme);
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"]);

        var body = await sam.Client.GetStringAsync("/alive", TestContext.Current.CancellationToken);

        Assert.Equal("""{"status":"Healthy","checks":{"self":{"status":"Healthy"}}}""", body);
    }

    private static void Refuse(TestKme kme) => kme.Intercept(
        context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        },
        "/health");

    private static async Task<(HttpStatusCode Status, string Kme)> ProbeAsync(EncryptorNode node)
    {
        using var response = await node.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var kme = body.RootElement.GetProperty("checks").GetProperty("kme");
        return (response.StatusCode, kme.TryGetProperty("description", out var description) ? description.GetString()! : kme.GetProperty("status").GetString()!);
    }
}
