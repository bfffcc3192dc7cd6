using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class NetworkPageTests(ConsoleFixture network)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Every_node_and_every_link_is_in_the_picture()
    {
        await using var console = await network.OpenAsync();

        await Expect(console.Page.Locator(".picture [data-node]")).ToHaveCountAsync(ConsoleFixture.Nodes.Count());
        foreach (var node in ConsoleFixture.Nodes)
        {
            await console.ExpectHealthAsync(node, "Ready");
        }

        await Expect(console.Page.Locator(".picture .link.usable")).ToHaveCountAsync(ConsoleFixture.Hubs.Length * ConsoleFixture.Clients.Length);
        await Expect(console.Page.Locator("[data-count=hubs]")).ToHaveTextAsync("3/3 hubs");
        await Expect(console.Page.Locator("[data-count=links]")).ToHaveTextAsync("6/6 links");
        await console.KeepAsync("network");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Links_light_up_while_shares_travel()
    {
        await using var console = await network.OpenAsync();
        await Expect(console.Page.Locator(".picture .link")).ToHaveCountAsync(6);

        // A link is lit for half a second, and not every link at the same look.
        await console.Page.EvaluateAsync(
            """
            window.lit = new Set();
            new MutationObserver(changes => changes.forEach(change => change.target.dataset.lit === 'true' && window.lit.add(change.target.dataset.link)))
                .observe(document.querySelector('.picture'), { subtree: true, attributeFilter: ['data-lit'] })
            """);
        for (var seen = 0; seen < 6;)
        {
            await network.EstablishAsync(Cancellation);
            seen = await console.Page.EvaluateAsync<int>("window.lit.size");
        }

        await console.KeepAsync("network-lit");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_node_opens_a_panel_by_mouse_and_by_keyboard()
    {
        await using var console = await network.OpenAsync();

        await console.Node("hank").ClickAsync();
        var panel = console.Page.Locator("[data-panel=hank]");
        await Expect(panel.GetByRole(AriaRole.Heading, new() { Name = "hank" })).ToBeFocusedAsync();
        await Expect(panel.GetByRole(AriaRole.Link, new() { Name = "API" })).ToHaveAttributeAsync("href", $"{network.Application.GetEndpoint("hank").GetLeftPart(UriPartial.Authority)}/scalar");
        await panel.Locator("details").First.ClickAsync();
        await Expect(panel.Locator("details[open] li").First).ToContainTextAsync("of 256 KiB left");
        await console.KeepAsync("network-panel");

        await console.Page.Keyboard.PressAsync("Escape");
        await Expect(console.Page.Locator("[data-panel]")).ToHaveCountAsync(0);
        await Expect(console.Node("hank")).ToBeFocusedAsync();

        await console.Node("carol").FocusAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page.Locator("[data-panel=carol]")).ToBeVisibleAsync();

        // The address of the page leads to the same panel.
        await console.Page.ReloadAsync();
        await Expect(console.Page.Locator("[data-panel=carol]")).ToBeVisibleAsync();
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_hub_is_stopped_from_its_panel_while_keys_go_on_and_started_again()
    {
        await using var console = await network.OpenAsync("/?node=helen");
        var panel = console.Page.Locator("[data-panel=helen]");
        await Expect(panel.Locator(".panel-health")).ToHaveAttributeAsync("data-health", "Ready");

        // Whoever changes their mind stops nothing.
        await panel.GetByText("Stop", new() { Exact = true }).ClickAsync();
        await console.Page.Locator("fluent-dialog").GetByText("Cancel", new() { Exact = true }).ClickAsync();
        await Expect(console.Page.Locator("fluent-dialog")).ToHaveCountAsync(0);
        await Expect(panel.GetByText("Stop", new() { Exact = true })).ToBeVisibleAsync();

        try
        {
            await panel.GetByText("Stop", new() { Exact = true }).ClickAsync();
            await ConfirmStopAndStartAsync(console, panel);
        }
        finally
        {
            await network.StartAsync("helen");
        }
    }

    private async Task ConfirmStopAndStartAsync(ConsolePage console, ILocator panel)
    {
        await Expect(console.Page.Locator("fluent-dialog").GetByText("Stop", new() { Exact = true })).ToBeVisibleAsync();
        await console.KeepAsync("network-stop-confirmation");
        await console.Page.Locator("fluent-dialog").GetByText("Stop", new() { Exact = true }).ClickAsync();
        await console.ExpectHealthAsync("helen", "Down");
        await Expect(panel.Locator(".events li.bad").First).ToContainTextAsync("Down.");
        foreach (var node in ConsoleFixture.Nodes.Where(node => node != "helen"))
        {
            await console.ExpectHealthAsync(node, "Ready");
        }

        await network.EstablishAsync(Cancellation);
        await console.KeepAsync("network-hub-down");

        await panel.GetByText("Start", new() { Exact = true }).ClickAsync();
        await console.ExpectHealthAsync("helen", "Ready");
        await Expect(panel.Locator(".events li.good").First).ToBeVisibleAsync();
        await Expect(console.Page.Locator("[data-count=links]")).ToHaveTextAsync("6/6 links");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task The_page_is_dark_where_the_system_is_and_can_be_switched()
    {
        await using var console = await network.OpenAsync(colors: ColorScheme.Dark);
        await console.ExpectHealthAsync("hank", "Ready");
        Assert.True(await BrightnessAsync(console) < 80);
        await console.KeepAsync("network-dark");

        await console.Page.GetByLabel("Switch between light and dark").ClickAsync();
        await Expect(console.Page.Locator("body")).Not.ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("light", await console.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme"));
        Assert.True(await BrightnessAsync(console) > 200);
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_phone_shows_the_table_and_scrolls_nowhere_sideways()
    {
        await using var console = await network.OpenAsync(width: 390, height: 844);

        await Expect(console.Page.Locator(".table-frame")).ToBeVisibleAsync();
        await Expect(console.Page.Locator(".picture")).ToBeHiddenAsync();
        await Expect(console.Page.Locator(".links td.link.usable")).ToHaveCountAsync(6);
        Assert.True(await console.Page.EvaluateAsync<bool>("document.scrollingElement.scrollWidth <= innerWidth"));
        await console.KeepAsync("network-phone");

        await console.Page.Locator(".links [data-node=conny]").ClickAsync();
        await Expect(console.Page.Locator("[data-panel=conny]")).ToBeInViewportAsync();
        await console.KeepAsync("network-phone-panel");
        await console.Page.GetByLabel("Close the panel").ClickAsync();
        await Expect(console.Page.Locator("[data-panel]")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator(".links [data-node=conny]")).ToBeFocusedAsync();
    }

    // Of the text's background, 0 to 255.
    private static Task<double> BrightnessAsync(ConsolePage console) => console.Page.EvaluateAsync<double>(
        "getComputedStyle(document.querySelector('.bar')).backgroundColor.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0) / 3");
}
