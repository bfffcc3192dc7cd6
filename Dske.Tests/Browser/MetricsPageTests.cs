using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class MetricsPageTests(ConsoleFixture network)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Keys_latency_and_random_data_of_the_whole_network_are_drawn()
    {
        await network.EstablishAsync(Cancellation);
        await using var console = await network.OpenAsync("/metrics");

        await Expect(console.Page.Locator("[data-chart=keys] path.line").First).ToHaveAttributeAsync("d", new Regex("^M"));
        await Expect(console.Page.Locator("[data-chart=latency] .legend li")).ToHaveCountAsync(3);
        await Expect(console.Page.Locator("[data-chart=psrd] [data-value=psrd]")).ToContainTextAsync("iB");
        foreach (var owner in (string[])["client", "hub"])
        {
            await Expect(console.Page.Locator($"[data-link='carol/hank'][data-owner={owner}]")).ToContainTextAsync("iB");
        }

        await console.KeepAsync("metrics");
        await console.Page.Locator("[data-chart=keys] summary").ClickAsync();
        await Expect(console.Page.Locator("[data-chart=keys] details tbody tr")).ToHaveCountAsync(15);
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_node_is_chosen_and_stands_in_the_address()
    {
        await using var console = await network.OpenAsync("/metrics", 390, 844, ColorScheme.Dark);
        await Expect(console.Page.Locator("[data-link='conny/hank']").First).ToBeVisibleAsync();

        await console.Page.GetByLabel("Node").SelectOptionAsync("carol");

        await Expect(console.Page).ToHaveURLAsync(new Regex(@"/metrics\?node=carol$"));
        await Expect(console.Page.Locator("[data-link='conny/hank']")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator("[data-link='carol/hank']")).ToHaveCountAsync(2);
        Assert.True(await console.Page.EvaluateAsync<bool>("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth"));
        await console.KeepAsync("metrics-phone-dark");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_node_that_has_not_reported_has_empty_charts()
    {
        await using var console = await network.OpenAsync("/metrics?node=nobody");

        await Expect(console.Page.Locator("[data-chart=keys] [data-state=empty]")).ToContainTextAsync("No keys were counted here");
        await Expect(console.Page.GetByLabel("Node")).ToHaveValueAsync("nobody");
    }
}
