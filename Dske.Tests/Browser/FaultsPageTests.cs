using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class FaultsPageTests(ConsoleFixture network)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Hubs_are_listed_with_their_buttons()
    {
        await using var console = await network.OpenAsync("/faults");

        foreach (var hub in ConsoleFixture.Hubs)
        {
            await Expect(Button(console, hub, "Stop")).ToBeVisibleAsync();
        }

        await console.KeepAsync("faults");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_hub_is_restarted_and_is_a_new_process_afterwards()
    {
        await using var console = await network.OpenAsync("/faults");
        var before = network.ProcessIdOf("hilary");

        try
        {
            await Button(console, "hilary", "Restart").ClickAsync();
            await Confirm(console, "Restart").ClickAsync();
            await network.UntilAnotherProcessAsync("hilary", before, Cancellation);
        }
        finally
        {
            await network.StartAsync("hilary");
        }

        await Expect(Hub(console, "hilary").Locator(".progress")).ToBeEmptyAsync();
        await Expect(Hub(console, "hilary")).ToHaveAttributeAsync("data-health", "Ready");
        foreach (var client in ConsoleFixture.Clients)
        {
            await network.UntilAllLinksAreUsableAsync(client, Cancellation);
        }

        await network.EstablishAsync(Cancellation);
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task What_a_stopped_hub_cost_is_seen_in_the_ladder_the_list_and_the_logs()
    {
        await using var console = await network.OpenAsync("/faults");
        try
        {
            await Button(console, "helen", "Stop").ClickAsync();
            await Confirm(console, "Stop").ClickAsync();
            await Expect(Hub(console, "helen")).ToHaveAttributeAsync("data-health", "Down");
            await Expect(console.Page.Locator(".events li").First).ToContainTextAsync("helen");
            await console.KeepAsync("faults-hub-down");

            // Two of three hubs make a key. The ladder has a rung for what failed.
            await console.GoAsync("/establish");
            await EstablishUntilHelenIsAskedAsync(console);
            await console.KeepAsync("establish-hub-down");

            // In the list it is found by what became of it.
            await console.GoAsync("/traces");
            await console.Page.GetByLabel("Outcome").SelectOptionAsync("Degraded");
            var first = console.Page.Locator("tr[data-trace]").First;
            await Expect(first.Locator("[data-outcome=Degraded]")).ToBeVisibleAsync();
            await Expect(console.Page.Locator("tr[data-trace] [data-outcome=Ok]")).ToHaveCountAsync(0);
            Assert.Contains("outcome=Degraded", console.Page.Url, StringComparison.OrdinalIgnoreCase);
            await console.KeepAsync("traces-degraded");
            await first.GetByRole(AriaRole.Link).ClickAsync();
            await Expect(console.Page.Locator(".summary [data-outcome=Degraded]")).ToBeVisibleAsync();
            await Expect(console.Page.Locator(".ladder .rung.failed").First).ToContainTextAsync("helen");
        }
        finally
        {
            await network.StartAsync("helen");
        }

        await console.GoAsync("/faults");
        await Expect(Hub(console, "helen")).ToHaveAttributeAsync("data-health", "Ready");
        foreach (var client in ConsoleFixture.Clients)
        {
            await network.UntilAllLinksAreUsableAsync(client, Cancellation);
        }
    }

    /// <summary>A client that knows that a hub is away does not ask it for each key: the first keys after the stop have the failed rung.</summary>
    private static async Task EstablishUntilHelenIsAskedAsync(ConsolePage console)
    {
        var failed = console.Page.Locator(".ladder .rung[data-ok=false]");
        var key = console.Page.Locator("[data-result=confirmed] td code").First;
        var before = string.Empty;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await console.Page.GetByRole(AriaRole.Button, new() { Name = "Establish a key" }).ClickAsync();
            await Expect(key).Not.ToHaveTextAsync(before);
            before = await key.TextContentAsync() ?? string.Empty;

            // Whole once both ends and two hubs have reported each of their shares.
            await Expect(console.Page.Locator(".ladder [data-step=FetchKeys]")).ToBeVisibleAsync();
            await Expect(console.Page.Locator(".ladder [data-step=Relay][data-ok=true]")).ToHaveCountAsync(2);
            await Expect(console.Page.Locator(".ladder [data-step=Collect][data-ok=true]")).ToHaveCountAsync(2);
            if (await failed.CountAsync() > 0)
            {
                await Expect(failed.First.Locator("title")).ToContainTextAsync("helen");
                return;
            }
        }

        Assert.Fail("No key asked the hub that was stopped.");
    }

    private static ILocator Hub(ConsolePage console, string hub) => console.Page.Locator($"[data-hub={hub}]");

    private static ILocator Button(ConsolePage console, string hub, string text) => Hub(console, hub).GetByText(text, new() { Exact = true });

    private static ILocator Confirm(ConsolePage console, string text) => console.Page.Locator("fluent-dialog").GetByText(text, new() { Exact = true });
}
