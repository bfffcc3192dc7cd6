using System.Net;
using System.Text;
using System.Text.Json;
using Dske.ServiceDefaults;
using Dske.ServiceDefaults.Problems;
using Dske.ServiceDefaults.Routing;
using Dske.Tests.Network.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.ServiceDefaults;

[Trait("Tier", "Services")]
public sealed class ProblemTests
{
    private const string Secret = "the-secret-of-the-exception";

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task An_unhandled_exception_is_a_500_that_says_nothing(string environment)
    {
        await using var node = await StartAsync(environment);

        var (response, body) = await SendAsync(node, HttpMethod.Get, "/fail");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("urn:dske:error:internal-error", Type(body));
        Assert.DoesNotContain(Secret, body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nowhere", null, 404, "not-found")]
    [InlineData("DELETE", "/fail", null, 405, "method-not-allowed")]
    [InlineData("POST", "/small", "text", 415, "unsupported-media-type")]
    [InlineData("POST", "/small", "{", 400, "malformed-request")]
    [InlineData("POST", "/small", "{\"size\":\"1\"}", 400, "malformed-request")]
    [InlineData("POST", "/small", "{\"size\":1,\"size\":2}", 400, "malformed-request")]
    [InlineData("POST", "/small", "{\"size\":1,\"more\":2}", 400, "malformed-request")]
    [InlineData("POST", "/small", "", 400, "malformed-request")]
    [InlineData("GET", "/query?size=many", null, 400, "malformed-request")]
    [InlineData("GET", "/query", null, 400, "malformed-request")]
    [InlineData("GET", "/status/401", null, 401, "unauthorized")]
    [InlineData("GET", "/status/429", null, 429, "too-many-requests")]
    [InlineData("GET", "/status/418", null, 418, "bad-request")]
    [InlineData("GET", "/status/503", null, 503, "unavailable")]
    [InlineData("GET", "/own", null, 409, "mine")]
    public async Task Every_refusal_has_a_body_and_a_stable_type_whatever_the_caller_accepts(
        string method, string path, string? body, int status, string type)
    {
        await using var node = await StartAsync();

        var (response, text) = await SendAsync(node, new HttpMethod(method), path, body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal($"urn:dske:error:{type}", Type(text));
        Assert.Equal(status, JsonDocument.Parse(text).RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Every_error_is_counted_by_its_type_whoever_refused()
    {
        using var errors = new CounterRecorder(ErrorWriter.MeterName, "dske.errors");
        await using var node = await StartAsync();

        await SendAsync(node, HttpMethod.Get, "/own");
        await SendAsync(node, HttpMethod.Post, "/small", new string(' ', ServiceDefaultsOptions.DefaultMaxRequestBodyBytes + 1));

        Assert.Single(errors.Measurements, error => error is { Value: 1, Tags: var tags } && tags["dske.error"] is "mine" && tags["http.response.status_code"] is 409);
        Assert.Contains(errors.Measurements, error => error.Tags["dske.error"] is "body-too-large" && error.Tags["http.response.status_code"] is 413);
    }

    [Theory]
    [InlineData("utf-7", 415)]
    [InlineData("utf-16", 415)]
    [InlineData("nonsense", 415)]
    [InlineData("utf-8", 400)]
    [InlineData("\"UTF-8\"", 400)]
    public async Task A_body_in_a_charset_other_than_utf_8_is_an_unsupported_media_type(string charset, int status)
    {
        await using var node = await StartAsync();
        using var content = new StringContent("{", Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        using var response = await node.Client.PostAsync(new Uri("/small", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task A_malformed_body_is_located_without_naming_our_types()
    {
        await using var node = await StartAsync();

        var (_, text) = await SendAsync(node, HttpMethod.Post, "/small", "{\"size\":\"1\"}");

        Assert.Equal(
            "The body is not the JSON that this route expects, at $.size.", JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString());
        Assert.DoesNotContain("Int32", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_are_bounded_by_the_node_and_a_route_may_differ()
    {
        await using var node = await StartAsync();
        var sixtyFour = "{\"size\":1" + new string(' ', 64 * 1024) + "}";

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(node, HttpMethod.Post, "/small", sixtyFour)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(node, HttpMethod.Post, "/large", sixtyFour)).Response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/standard/fail", 500)]
    [InlineData("GET", "/standard/nowhere", 404)]
    [InlineData("DELETE", "/standard/fail", 405)]
    [InlineData("GET", "/standard/query?size=many", 400)]
    [InlineData("GET", "/standard/own", 409)]
    public async Task Routes_of_a_standard_have_its_errors_for_whatever_goes_wrong(string method, string path, int status)
    {
        await using var node = await StartAsync();

        var (response, text) = await SendAsync(node, new HttpMethod(method), path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal($"{{\"message\":\"{status}\"}}", text);
    }

    [Fact]
    public async Task The_server_does_not_say_what_it_is()
    {
        await using var node = await StartAsync();

        Assert.False((await SendAsync(node, HttpMethod.Get, "/alive")).Response.Headers.Contains("Server"));
    }

    private static Task<TestNode> StartAsync(string environment = "Development") => TestNode.StartAsync(
        app =>
        {
            app.MapGet("/fail", Fail);
            app.MapGet("/query", (int size) => size);
            app.MapGet("/status/{status}", (int status) => Results.StatusCode(status));
            app.MapGet("/own", () => TypedResults.Problem(statusCode: 409, type: "urn:dske:error:mine"));
            app.MapPost("/small", (Body body) => body.Size);
            app.MapPost("/large", (Body body) => body.Size).MaxRequestBody(100_000);
            app.MapGet("/standard/fail", Fail);
            app.MapGet("/standard/query", (int size) => size);
            app.MapGet("/standard/own", () => TypedResults.Problem(statusCode: 409, type: "urn:dske:error:mine"));
        },
        builder => builder.Services.AddSingleton<IErrorFormat, StandardErrors>(),
        environment: environment);

    private static string Fail() => throw new InvalidOperationException(Secret);

    private static string? Type(string body) => JsonDocument.Parse(body).RootElement.GetProperty("type").GetString();

    private static async Task<(HttpResponseMessage Response, string Body)> SendAsync(TestNode node, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, body == "text" ? "text/plain" : "application/json");
        }

        var response = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    internal sealed record Body([property: System.Text.Json.Serialization.JsonPropertyName("size")] int Size);

    private sealed class StandardErrors : IErrorFormat
    {
        public bool Applies(HttpRequest request) => request.Path.StartsWithSegments("/standard");

        public Task WriteAsync(HttpContext context, ProblemDetails problem)
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($"{{\"message\":\"{problem.Status}\"}}");
        }
    }
}
