using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

[Trait("Tier", "Browser")]
[Collection(LargeNetworkFixture.Collection)]
public sealed class LargeNetworkTests(LargeNetworkFixture network)
{
    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Sixteen_hubs_and_a_hundred_clients_are_a_table_that_is_searched()
    {
        await using var console = await network.OpenAsync();
        var rows = console.Page.Locator(".links tbody tr:has(th)");
        await Expect(console.Page.Locator("[data-count=hubs]")).ToHaveTextAsync("15/16 hubs");
        await Expect(console.Page.Locator("[data-count=clients]")).ToHaveTextAsync("100/100 clients");
        await Expect(console.Page.Locator(".links thead [data-node]")).ToHaveCountAsync(ReportedNodes.HubCount);
        await Expect(console.Page.Locator(".picture")).ToHaveCountAsync(0);

        // Rows that nobody sees are not there.
        await Expect(rows.First).ToBeVisibleAsync();
        Assert.InRange(await rows.CountAsync(), 5, 60);
        await console.KeepAsync("network-large");

        await SearchAsync(console, "client-07");
        await Expect(rows).ToHaveCountAsync(10);
        await Expect(console.Page.Locator(".found")).ToHaveTextAsync("10 clients, 16 hubs");

        await SearchAsync(console, "hub-07");
        await Expect(console.Page.Locator(".links thead [data-node]")).ToHaveCountAsync(1);
        await Expect(console.Page.Locator(".found")).ToHaveTextAsync("100 clients, 1 hub");

        // By its encryptor too.
        await SearchAsync(console, "sae-100");
        await Expect(rows).ToHaveCountAsync(1);
        await console.Page.Locator(".links [data-node=client-100]").ClickAsync();
        await Expect(console.Page.Locator("[data-panel=client-100]")).ToBeVisibleAsync();
        await console.KeepAsync("network-large-panel");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task The_last_client_is_reached_by_scrolling_and_the_table_stays_live()
    {
        await using var console = await network.OpenAsync();
        await Expect(console.Page.Locator(".links [data-node=client-001]")).ToBeVisibleAsync();

        await console.Page.EvaluateAsync("document.querySelector('.table-frame').scrollTo(0, 1e6)");
        await console.Page.Locator(".links [data-node=client-100]").ScrollIntoViewIfNeededAsync();
        await Expect(console.Page.Locator(".links [data-node=client-100]")).ToBeInViewportAsync();

        // Every client reports something else each time: somewhere a link lights up.
        await Expect(console.Page.Locator(".links td.link.lit").First).ToBeVisibleAsync();
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task What_is_wrong_with_hubs_and_links_is_marked()
    {
        await using var console = await network.OpenAsync();

        var suspect = console.Page.Locator($".links thead [data-node={ReportedNodes.SuspectHub}]");
        await Expect(suspect).ToContainTextAsync("suspect");
        await Expect(console.Page.Locator($"[data-link='client-003/{ReportedNodes.SuspectHub}'].suspect .sign")).ToBeVisibleAsync();
        await Expect(console.Page.Locator($".links thead [data-node={ReportedNodes.DownHub}]")).ToHaveAttributeAsync("data-health", "Down");

        await suspect.ClickAsync();
        await Expect(console.Page.Locator($"[data-panel={ReportedNodes.SuspectHub}]")).ToContainTextAsync("Wrong shares came over it to client-003");
        await console.KeepAsync("network-suspect");

        // The picture is there for those who ask for it, large as it is.
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Picture" }).ClickAsync();
        await Expect(console.Page.Locator(".picture .link")).ToHaveCountAsync(ReportedNodes.HubCount * ReportedNodes.ClientCount);
        await Expect(console.Page.Locator($".picture [data-node={ReportedNodes.SuspectHub}] .suspicion")).ToHaveCountAsync(1);
    }

    // The field is inside of Fluent's own element.
    private static Task SearchAsync(ConsolePage console, string text) => console.Page.Locator("fluent-text-input[aria-label='Search nodes'] input").FillAsync(text);
}
