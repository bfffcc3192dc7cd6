using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dske.Tests.Services.Encryptor;

/// <summary>The API document and page, as every node serves them, at an encryptor.</summary>
[Trait("Tier", "Services")]
public sealed partial class ApiPageTests
{
    [Fact]
    public async Task The_document_describes_every_route_and_every_error()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"]);

        using var document = JsonDocument.Parse(await sam.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        Assert.Equal("Encryptor sam", document.RootElement.GetProperty("info").GetProperty("title").GetString());
        Assert.False(string.IsNullOrEmpty(document.RootElement.GetProperty("info").GetProperty("description").GetString()));
        Assert.Equal("/", Assert.Single(document.RootElement.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString());
        var operations = Operations(document).ToDictionary(operation => operation.Name, operation => operation.Value);
        Assert.Equal(
            [
                "delete /encryptor/{sae}/api/v1/links/{peer}", "delete /encryptor/{sae}/api/v1/tunnels/{name}",
                "get /encryptor/{sae}/api/v1/keys", "get /encryptor/{sae}/api/v1/links", "get /encryptor/{sae}/api/v1/links/{peer}",
                "get /encryptor/{sae}/api/v1/links/{peer}/messages", "get /encryptor/{sae}/api/v1/links/{peer}/streams",
                "get /encryptor/{sae}/api/v1/peers", "get /encryptor/{sae}/api/v1/sinks", "get /encryptor/{sae}/api/v1/tunnels", "get /encryptor/{sae}/api/v1/tunnels/{name}",
                "post /encryptor/{sae}/api/v1/keys", "post /encryptor/{sae}/api/v1/links/{peer}/epochs",
                "post /encryptor/{sae}/api/v1/links/{peer}/messages", "post /encryptor/{sae}/api/v1/offers",
                "put /encryptor/{sae}/api/v1/links/{peer}", "put /encryptor/{sae}/api/v1/tunnels/{name}",
            ],
            operations.Keys.Order(StringComparer.Ordinal));
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("summary").GetString()));
            Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("description").GetString()));
            var parameters = operation.Value.GetProperty("parameters").EnumerateArray().ToList();
            Assert.Equal(operation.Key.Count(c => c == '{'), parameters.Count);
            Assert.Contains(parameters, parameter => parameter.GetProperty("name").GetString() == "sae");
            Assert.All(parameters, parameter => Assert.False(string.IsNullOrEmpty(parameter.GetProperty("description").GetString())));
        });
        Assert.True(operations["get /encryptor/{sae}/api/v1/sinks"].GetProperty("responses").GetProperty("200").GetProperty("content")
            .GetProperty("application/json").TryGetProperty("example", out _));
        Assert.All(operations.Where(operation => operation.Key.StartsWith("put", StringComparison.Ordinal) || operation.Key.EndsWith("/messages", StringComparison.Ordinal) && operation.Key.StartsWith("post", StringComparison.Ordinal)), operation =>
            Assert.True(operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _)));
        Assert.All(operations.Where(operation => operation.Key.StartsWith("post", StringComparison.Ordinal) && !operation.Key.Contains("links", StringComparison.Ordinal)), operation =>
        {
            Assert.Equal(
                ["200", "400", "403", "404", "409", "413", "415", "502", "503", "504"],
                operation.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
            Assert.True(operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _));
        });
    }

    [Fact]
    public async Task Every_property_of_the_document_is_described()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"]);

        using var document = JsonDocument.Parse(await sam.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var undescribed = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Name != "ProblemDetails" && schema.Value.TryGetProperty("properties", out _))
            .SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject()
                .Where(property => !property.Value.TryGetProperty("description", out _))
                .Select(property => $"{schema.Name}.{property.Name}"));
        Assert.Empty(undescribed);
    }

    [Fact]
    public async Task The_page_needs_nothing_from_anywhere_else()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"]);

        using var response = await sam.Client.GetAsync("/scalar/", TestContext.Current.CancellationToken);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("<title>Encryptor sam</title>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("//", html, StringComparison.Ordinal);
        var policy = string.Join("; ", response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);

        var scripts = Scripts().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var served = await sam.Client.GetAsync($"/scalar/{script}", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.Contains("javascript", served.Content.Headers.ContentType?.MediaType, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Operations(JsonDocument document) =>
        document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => ($"{operation.Name} {path.Name}", operation.Value));

    [GeneratedRegex("src=\"([^\"]+)\"")]
    private static partial Regex Scripts();
}
