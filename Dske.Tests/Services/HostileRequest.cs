using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Dske.Tests.Services;

/// <summary>A request that ought to be refused, and how.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and query as they go onto the wire, not normalized.</param>
/// <param name="Status">The status of the refusal.</param>
/// <param name="Type">The problem type without its prefix; null where the format has none.</param>
internal sealed record HostileRequest(string Method, string Path, int Status, string? Type = null)
{
    private static readonly UriCreationOptions Raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The body as text; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The media type of the body.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Headers as they go onto the wire.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Sends it and checks that the answer is the refusal, in problem details, and gives nothing away.</summary>
    public Task AssertProblemAsync<T>(ServiceNode<T> node)
        where T : class => AssertRefusedAsync(node, "application/problem+json", body =>
    {
        Assert.Equal($"urn:dske:error:{Type}", body.GetProperty("type").GetString());
        Assert.Equal(Status, body.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(body.GetProperty("title").GetString()));
    });

    /// <summary>Sends it and checks that the answer is the refusal, in the error format of ETSI GS QKD 014, and gives nothing away.</summary>
    public Task AssertKeyDeliveryErrorAsync<T>(ServiceNode<T> node)
        where T : class => AssertRefusedAsync(node, "application/json", body =>
    {
        Assert.False(string.IsNullOrWhiteSpace(body.GetProperty("message").GetString()));
        Assert.All(body.EnumerateObject(), member => Assert.Contains(member.Name, new[] { "message", "details" }));
    });

    /// <summary>Sends it and checks that the answer is the refusal, in the format of SKIP, and gives nothing away.</summary>
    public Task AssertSkipErrorAsync<T>(ServiceNode<T> node)
        where T : class => AssertRefusedAsync(node, "application/json", body =>
        Assert.False(string.IsNullOrWhiteSpace(Assert.Single(body.EnumerateObject(), member => member.Name == "message").Value.GetString())));

    /// <summary>Checks many requests one after the other, and reports every one that went wrong.</summary>
    public static async Task AssertAllAsync(IEnumerable<HostileRequest> requests, Func<HostileRequest, Task> check)
    {
        var failures = new List<string>();
        foreach (var request in requests)
        {
            try
            {
                await check(request);
            }
            catch (Xunit.Sdk.XunitException failure)
            {
                failures.Add(failure.Message);
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    public override string ToString()
    {
        var headers = string.Concat(Headers.Select(header => $" {header.Name}: {header.Value}"));
        return $"{Method} {Path}{headers} {Body?[..Math.Min(Body.Length, 120)]}";
    }

    private async Task AssertRefusedAsync<T>(ServiceNode<T> node, string contentType, Action<JsonElement> check)
        where T : class
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(node.Url.GetLeftPart(UriPartial.Authority) + Path, Raw));
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            request.Content.Headers.ContentType = ContentType is null ? null : MediaTypeHeaderValue.Parse(ContentType);

            // A server that refuses a body does not read it; whoever sends it anyway may find the connection closed before the answer.
            request.Headers.ExpectContinue = Body.Length > 64 * 1024;
        }

        foreach (var (name, value) in Headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal(Status, (int)response.StatusCode);
            Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Dske.", text, StringComparison.Ordinal);
            check(JsonDocument.Parse(text).RootElement);
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or JsonException or KeyNotFoundException)
        {
            Assert.Fail($"{this}\n{e.Message}\nThe answer was {(int)response.StatusCode} {text}");
        }
    }
}
