using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class TracesPageTests(ConsoleFixture network)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task An_establishment_is_listed_and_opens_to_its_spans()
    {
        var key = await network.EstablishAsync(Cancellation);
        await using var console = await network.OpenAsync($"/traces?text={key}");

        var first = console.Page.Locator("tr[data-trace]").First;
        await Expect(first).ToContainTextAsync("sam → sofia");
        await console.KeepAsync("traces");
        await first.GetByRole(AriaRole.Link).ClickAsync();

        var spans = console.Page.Locator(".waterfall");
        await Expect(spans.Locator("[data-span='dske.share.relay']")).ToHaveCountAsync(3);
        await Expect(spans.Locator("[data-span='dske.share.store']")).ToHaveCountAsync(3);
        await Expect(spans.Locator("[data-span='dske.share.collect']")).ToHaveCountAsync(3);
        await Expect(console.Page.Locator(".ladder [data-step=Relay]")).ToHaveCountAsync(3);
        await spans.Locator("[data-span='dske.share.relay'] button").First.ClickAsync();
        var detail = console.Page.Locator("[data-detail='dske.share.relay']");
        await Expect(detail).ToContainTextAsync("dske.share.index");
        await Expect(detail).ToContainTextAsync("dske.psrd.spent");
        await detail.ScrollIntoViewIfNeededAsync();
        await console.KeepAsync("trace");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Filters_narrow_the_list_down_and_stand_in_the_address()
    {
        await network.EstablishAsync(Cancellation);
        await using var console = await network.OpenAsync("/traces?node=hank");
        await Expect(console.Page.Locator("tr[data-trace]").First).ToBeVisibleAsync();
        await Expect(console.Page.GetByLabel("Node")).ToHaveValueAsync("hank");

        await console.Page.GetByLabel("Key ID, trace ID or text").FillAsync("no such thing");
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page.Locator("[data-state=empty]")).ToContainTextAsync("No trace fits");
        Assert.Contains("text=no", console.Page.Url, StringComparison.Ordinal);
        await console.KeepAsync("traces-none");

        await console.Page.GetByText("Show all of them").ClickAsync();
        await Expect(console.Page.Locator("tr[data-trace]").First).ToBeVisibleAsync();
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_trace_leads_to_its_log_records_and_they_lead_back()
    {
        await using var console = await network.OpenAsync();

        // A caller without a token, of whom the hub warns.
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using (var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }))
        using (var request = new HttpRequestMessage(HttpMethod.Get, new Uri(network.Application.GetEndpoint("hank"), "/hub/hank/dske/oob/v1/psrd?client_name=mallory&size=1024")))
        {
            request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
            using var refused = await http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        await console.GoAsync($"/traces?all=true&text={trace}");
        await console.Page.Locator("tr[data-trace]").First.GetByRole(AriaRole.Link).ClickAsync();
        await console.Page.Locator(".summary").GetByRole(AriaRole.Link, new() { Name = "of this trace" }).ClickAsync();

        await Expect(console.Page.Locator(".record")).ToHaveCountAsync(1);
        await Expect(console.Page.Locator(".record[data-node=hank]")).ToContainTextAsync("Out-of-band GET refused");
        await Expect(console.Page.GetByLabel("Trace ID")).ToHaveValueAsync(trace);
        await console.KeepAsync("logs-of-a-trace");
        await console.Page.Locator(".record a.trace").ClickAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex($"/traces/{trace}$"));
        await Expect(console.Page.Locator(".waterfall [data-span]")).ToHaveCountAsync(1);
    }

    [Theory(Timeout = ConsoleFixture.TestTimeout)]
    [InlineData("/traces/0123456789abcdef0123456789abcdef")]
    [InlineData("/traces/x")]
    public async Task A_trace_that_is_not_here_is_said_to_be_missing(string path)
    {
        await using var console = await network.OpenAsync(path);

        await Expect(console.Page.Locator("[data-state=empty]")).ToContainTextAsync("This trace is not here");
    }
}
