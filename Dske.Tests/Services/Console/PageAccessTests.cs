using System.Net;
using System.Text;
using Dske.Console.Faults;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Services.Console;

/// <summary>Who sees the console.</summary>
[Trait("Tier", "Services")]
public sealed class PageAccessTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string TokenFile => Path.Combine(_directory.FullName, "token");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Whoever_sits_at_this_machine_sees_the_pages_with_headers_that_hold_them_together()
    {
        await using var console = await ConsoleNode.StartAsync();

        using var answer = await console.SendAsync(HttpMethod.Get, "/");

        Assert.Equal("the page", await answer.Content.ReadAsStringAsync(Cancellation));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("GET", "/", "Host", "attacker.example")]
    [InlineData("GET", "/health", "Host", "attacker.example")]
    [InlineData("GET", "/", "X-Forwarded-For", "203.0.113.7")]
    [InlineData("GET", "/_blazor", "Origin", "http://attacker.example")]
    [InlineData("GET", "/_blazor", "Origin", "null")]
    [InlineData("GET", "/_blazor", "Sec-Fetch-Site", "same-site")]
    [InlineData("POST", "/_blazor", "Origin", "http://localhost:1")]
    [InlineData("POST", "/v1/traces", "Origin", "http://attacker.example")]
    [InlineData("POST", "/login", "Sec-Fetch-Site", "cross-site")]
    public async Task Requests_of_other_sites_and_from_elsewhere_are_refused(string method, string path, string header, string value)
    {
        await using var console = await ConsoleNode.StartAsync();

        using var answer = await console.SendAsync(new HttpMethod(method), path, (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("/", "Sec-Fetch-Site", "cross-site")]
    [InlineData("/", "Sec-Fetch-Site", "same-site")]
    [InlineData("/_blazor", "Sec-Fetch-Site", "same-origin")]
    public async Task A_link_from_another_page_may_lead_here(string path, string header, string value)
    {
        await using var console = await ConsoleNode.StartAsync();

        using var answer = await console.SendAsync(HttpMethod.Get, path, (header, value));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_token_nothing_but_telemetry_of_this_machine_goes_without_it()
    {
        WriteToken();
        await using var console = await ConsoleNode.StartAsync(("Dske:Console:TokenFile", TokenFile));

        using var page = await console.SendAsync(HttpMethod.Get, "/", ("Accept", "text/html"));
        using var live = await console.SendAsync(HttpMethod.Get, "/_blazor");
        using var health = await console.SendAsync(HttpMethod.Get, "/health");
        using var near = await console.SendAsync(HttpMethod.Post, "/v1/traces");
        using var far = await console.SendAsync(HttpMethod.Post, "/v1/traces", ("X-Forwarded-For", "203.0.113.7"));
        using var bearer = await console.SendAsync(HttpMethod.Post, "/v1/traces", ("X-Forwarded-For", "203.0.113.7"), ("Authorization", $"Bearer {Token}"));

        Assert.Equal((HttpStatusCode.Found, "/login"), (page.StatusCode, page.Headers.Location?.OriginalString));
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            new[] { live, health, near, far, bearer }.Select(answer => answer.StatusCode));
    }

    [Fact]
    public async Task The_token_in_the_address_becomes_a_cookie_that_scripts_do_not_see()
    {
        WriteToken();
        await using var console = await ConsoleNode.StartAsync(("Dske:Console:TokenFile", TokenFile));

        using var login = await console.SendAsync(HttpMethod.Get, $"/login?t={Token}");

        Assert.Equal((HttpStatusCode.Found, "/"), (login.StatusCode, login.Headers.Location?.OriginalString));
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        using var page = await console.SendAsync(HttpMethod.Get, "/", ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task The_form_takes_the_token_and_nothing_else()
    {
        WriteToken();
        await using var console = await ConsoleNode.StartAsync(("Dske:Console:TokenFile", TokenFile));

        using var form = await console.SendAsync(HttpMethod.Get, "/login");
        using var wrong = await console.Client.PostAsync("/login", new FormUrlEncodedContent([new("t", Token + "x")]), Cancellation);
        using var right = await console.Client.PostAsync("/login", new FormUrlEncodedContent([new("t", Token)]), Cancellation);

        Assert.DoesNotContain("not the token", await form.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Contains("not the token", await wrong.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.Found, right.StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    public async Task It_does_not_listen_beyond_this_machine_without_a_token(string address)
    {
        var app = ConsoleNode.Build(("urls", address));

        Assert.Equal(1, await app.RunNodeAsync());

        // Nor when whoever starts it looks at no settings first.
        await using var careless = ConsoleNode.Build(("urls", address));
        await Assert.ThrowsAsync<InvalidOperationException>(() => careless.StartAsync(Cancellation));
    }

    [Theory]
    [InlineData("false", "control.json", false, "Whoever runs this network does not allow it.")]
    [InlineData("true", "", false, "This console was not started by the AppHost, which starts and stops nodes.")]
    [InlineData("true", "control.json", true, "This console can be seen from other machines.")]
    [InlineData("true", "control.json", false, null)]
    public async Task Nodes_are_stopped_only_where_that_is_allowed(string allowed, string controlFile, bool withToken, string? obstacle)
    {
        WriteToken();
        await using var app = ConsoleNode.Build(
            ("Dske:Console:AllowFaults", allowed), ("Dske:Console:ControlFile", controlFile), ("Dske:Console:TokenFile", withToken ? TokenFile : ""));
        var faults = app.Services.GetRequiredService<FaultControl>();

        Assert.Equal(obstacle, faults.Obstacle);
        if (obstacle is not null)
        {
            Assert.Equal(obstacle, await faults.ExecuteAsync("hank", FaultAction.Stop, Cancellation));
        }
    }

    [Theory]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Logging:Console:LogLevel:Default")]
    [InlineData("Logging:Console:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics")]
    public async Task Addresses_are_not_logged_since_that_of_a_login_may_have_the_token_in_it(string setting)
    {
        await using var app = ConsoleNode.Build((setting, "Trace"));

        // As the logging does it: rules of the provider before those for all, then the longest category, then the last one.
        var rules = app.Services.GetRequiredService<IOptions<LoggerFilterOptions>>().Value.Rules;
        foreach (var provider in rules.Select(rule => rule.ProviderName).Distinct())
        {
            var last = rules.Last(rule => rule.ProviderName == provider && rule.CategoryName == "Microsoft.AspNetCore.Hosting.Diagnostics");
            Assert.Equal(LogLevel.Warning, last.LogLevel);
        }
    }

    [Fact]
    public async Task Nodes_are_not_stopped_by_whom_a_front_lets_in()
    {
        await using var app = ConsoleNode.Build(
            ("Dske:Access:TrustFront", "true"), ("Dske:Console:AllowFaults", "true"), ("Dske:Console:ControlFile", "control.json"));

        Assert.Equal("This console can be seen from other machines.", app.Services.GetRequiredService<FaultControl>().Obstacle);
    }

    private void WriteToken() => OwnerOnlyFile.WriteLine(TokenFile, Encoding.ASCII.GetBytes(Token));
}
