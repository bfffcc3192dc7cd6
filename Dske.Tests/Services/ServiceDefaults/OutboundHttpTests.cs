using System.Net;
using Dske.ServiceDefaults.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Dske.Tests.Services.ServiceDefaults;

[Trait("Tier", "Services")]
public sealed class OutboundHttpTests
{
    [Theory]
    [InlineData("ordinary", "GET", 4)]
    [InlineData("ordinary", "POST", 1)]
    [InlineData("ordinary", "PUT", 1)]
    [InlineData("once", "GET", 1)]
    [InlineData("once", "POST", 1)]
    public async Task Safe_requests_are_repeated_others_and_those_of_a_client_without_retries_are_not(string client, string method, int expected)
    {
        var requests = 0;
        await using var node = await StartAsync(app => app.Map("/fail", () =>
        {
            Interlocked.Increment(ref requests);
            return Results.StatusCode(503);
        }));
        using var http = node.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(node.Client.BaseAddress!, "/fail"));

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(expected, requests);
    }

    [Theory]
    [InlineData("ordinary")]
    [InlineData("once")]
    public async Task Nodes_find_each_other_by_name(string client)
    {
        await using var node = await StartAsync(app => app.MapGet("/", () => "found"));
        node.App.Configuration["services:hank:http:0"] = node.Client.BaseAddress!.ToString();
        using var http = node.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client);

        Assert.Equal("found", await http.GetStringAsync(new Uri("http://hank/"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_not_followed()
    {
        await using var node = await StartAsync(app => app.MapGet("/", () => Results.Redirect("/elsewhere")));
        using var http = node.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("once");

        using var response = await http.GetAsync(node.Client.BaseAddress, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    private static Task<TestNode> StartAsync(Action<WebApplication> map) => TestNode.StartAsync(map, builder =>
    {
        builder.Services.AddHttpClient("once").RemoveRetries();
        builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options =>
        {
            options.Retry.Delay = TimeSpan.Zero;
            options.Retry.UseJitter = false;
        });
    });
}
