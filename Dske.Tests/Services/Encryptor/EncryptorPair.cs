using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Dske.Tests.Services.Encryptor;

/// <summary>Two encryptors, sam and sofia, that know each other and share a test KME.</summary>
internal sealed class EncryptorPair : IAsyncDisposable
{
    private EncryptorPair(TestKme kme, EncryptorNode sam, EncryptorNode sofia)
    {
        Kme = kme;
        Sam = sam;
        Sofia = sofia;
    }

    public TestKme Kme { get; }

    public EncryptorNode Sam { get; }

    public EncryptorNode Sofia { get; }

    public static async Task<EncryptorPair> StartAsync(TimeProvider? time = null, params (string Key, string Value)[] more)
    {
        var kme = await TestKme.StartAsync();
        var sam = EncryptorNode.Start("sam", kme, ["sofia"], time, more);
        var sofia = EncryptorNode.Start("sofia", kme, ["sam"], time, more);
        sam.Discover("sofia", sofia.Url);
        sofia.Discover("sam", sam.Url);
        return new EncryptorPair(kme, sam, sofia);
    }

    /// <summary>Has sam establish keys with sofia.</summary>
    public Task<HttpResponseMessage> EstablishAsync(object request) => EstablishAsync(Sam, "sam", request);

    public static Task<HttpResponseMessage> EstablishAsync(EncryptorNode node, string saeId, object request) =>
        node.Client.PostAsJsonAsync($"/encryptor/{saeId}/api/v1/keys", request, TestContext.Current.CancellationToken);

    /// <summary>The keys that a node lists.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ListAsync(EncryptorNode node, string saeId)
    {
        var list = await node.Client.GetFromJsonAsync<JsonElement>($"/encryptor/{saeId}/api/v1/keys", TestContext.Current.CancellationToken);
        return [.. list.GetProperty("keys").EnumerateArray()];
    }

    /// <summary>Checks a refusal: its status, its type, its content type.</summary>
    public static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string type)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)status} was expected, {(int)response.StatusCode} came: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal($"urn:dske:error:{type}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        await Sam.DisposeAsync();
        await Sofia.DisposeAsync();
        await Kme.DisposeAsync();
    }
}
