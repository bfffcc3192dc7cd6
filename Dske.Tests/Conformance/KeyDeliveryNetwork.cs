using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Dske.Tests.Conformance;

/// <summary>
/// A running network of KMEs for the conformance suite, whatever it is made of and however it is reached. Every exchange is checked against the
/// API document of the KME, and against what all answers have in common.
/// </summary>
/// <remarks>
/// Its encryptors: sam and carol at one KME, sofia at another, sunny and susan together at one that is not sam's, and some more, none of them
/// sam's neighbour.
/// </remarks>
public abstract class KeyDeliveryNetwork : IAsyncLifetime
{
    private static readonly UriCreationOptions Raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly ConcurrentDictionary<(string? Sae, string Kme), Lazy<HttpClient>> _clients = new();
    private readonly ConcurrentDictionary<string, Task<ApiDocument>> _documents = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The KME of an encryptor.</summary>
    public abstract string KmeOf(string sae);

    /// <summary>Starts the network.</summary>
    public abstract ValueTask InitializeAsync();

    /// <summary>Ends what this started.</summary>
    public virtual ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Value.Dispose();
        }

        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a client that reaches a KME as an encryptor, which need not be one of its own.</summary>
    /// <param name="sae">The encryptor; null for somebody without a name.</param>
    /// <param name="kme">The KME.</param>
    public HttpClient ClientOf(string? sae, string kme) => _clients.GetOrAdd((sae, kme), key => new Lazy<HttpClient>(() => CreateClient(key.Sae, key.Kme))).Value;

    /// <summary>The API document of a KME.</summary>
    public Task<ApiDocument> DocumentOf(string kme) => _documents.GetOrAdd(kme, async name => new ApiDocument(
        JsonElement.Parse(await ClientOf(null, name).GetStringAsync("/openapi/v1.json", Cancellation))));

    /// <summary>Asks an encryptor's own KME.</summary>
    /// <param name="sae">The encryptor that asks.</param>
    /// <param name="request">The other encryptor, the operation and the query, as they go onto the wire: <c>sofia/enc_keys?size=256</c>.</param>
    public Task<Exchange> GetAsync(string sae, string request) => SendAsync(sae, HttpMethod.Get, "/api/v1/keys/" + request);

    /// <summary>Asks an encryptor's own KME, with a body.</summary>
    /// <param name="sae">The encryptor that asks.</param>
    /// <param name="request">The other encryptor and the operation, as they go onto the wire.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="contentType">The media type of the body; null for none.</param>
    public Task<Exchange> PostAsync(string sae, string request, string? body, string? contentType = "application/json")
        => SendAsync(sae, HttpMethod.Post, "/api/v1/keys/" + request, body, contentType);

    /// <summary>Sends a request.</summary>
    /// <param name="sae">Who asks.</param>
    /// <param name="method">The method.</param>
    /// <param name="pathAndQuery">The path and query as they go onto the wire.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="contentType">The media type of the body; null for none.</param>
    /// <param name="kme">Whom to ask; null for the encryptor's own KME.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<Exchange> SendAsync(
        string? sae, HttpMethod method, string pathAndQuery, string? body = null, string? contentType = "application/json", string? kme = null,
        params (string Name, string Value)[] headers)
    {
        kme ??= KmeOf(sae!);
        var client = ClientOf(sae, kme);
        using var request = new HttpRequestMessage(method, new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + pathAndQuery, Raw));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
            request.Headers.ExpectContinue = body.Length > 64 * 1024;
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var answer = await client.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        var exchange = new Exchange($"{sae} {method} {pathAndQuery} {body?[..Math.Min(body.Length, 200)]}", answer.StatusCode, text, answer.Headers.RetryAfter?.Delta);
        await CheckAsync(exchange, answer, kme, pathAndQuery, body);
        return exchange;
    }

    /// <summary>Waits until hubs that began a moment ago say what does not exist.</summary>
    protected async Task WaitUntilSettledAsync(string sae)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            using var answer = await ClientOf(sae, KmeOf(sae)).GetAsync("/api/v1/keys/nobody-at-all/status", Cancellation);
            if (answer.StatusCode == HttpStatusCode.BadRequest)
            {
                return;
            }

            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    /// <summary>Makes a client; the only place that knows how a KME is reached and how an encryptor says who it is.</summary>
    protected abstract HttpClient CreateClient(string? sae, string kme);

    private async Task CheckAsync(Exchange exchange, HttpResponseMessage answer, string kme, string pathAndQuery, string? body)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore, $"{exchange.Request}: may be cached");
        var (path, query) = pathAndQuery.Split('?', 2) is [var first, var second] ? (first, second) : (pathAndQuery, string.Empty);
        var names = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(parameter => WebUtility.UrlDecode(parameter.Split('=')[0]));
        var problems = (await DocumentOf(kme)).FindProblems(
            answer.RequestMessage!.Method.Method, path, names, body, (int)answer.StatusCode, exchange.Text).ToList();
        Assert.True(problems.Count == 0, $"{exchange.Request}: {(int)exchange.Status} {exchange.Text}\n{string.Join('\n', problems)}");
    }
}
