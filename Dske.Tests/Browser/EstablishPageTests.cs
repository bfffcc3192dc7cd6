using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class EstablishPageTests(ConsoleFixture network)
{
    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_key_is_established_at_a_press_and_its_ladder_drawn_from_the_trace()
    {
        await using var console = await network.OpenAsync("/establish");
        await console.KeepAsync("establish-empty");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Establish a key" }).ClickAsync();

        var result = console.Page.Locator("[data-result=confirmed]");
        await Expect(result).ToContainTextAsync("confirmed by both ends");
        var prints = await result.Locator(".print").AllTextContentsAsync();
        Assert.Matches("^[0-9a-f]{8}$", prints[0]);
        Assert.Equal(prints[0], prints[1]);
        await Expect(result).ToContainTextAsync("same");

        // Two encryptors, two clients, three hubs; the key made, offered and fetched, and at each hub a share passed on and fetched again.
        var ladder = console.Page.Locator(".ladder");
        await Expect(ladder.Locator("[data-rail]")).ToHaveCountAsync(7);
        await Expect(ladder.Locator("[data-step=Relay][data-ok=true]")).ToHaveCountAsync(3);
        await Expect(ladder.Locator("[data-step=Collect][data-ok=true]")).ToHaveCountAsync(3);
        foreach (var step in new[] { "MakeKeys", "Offer", "FetchKeys" })
        {
            await Expect(ladder.Locator($"[data-step={step}]")).ToHaveCountAsync(1);
        }

        await console.KeepAsync("establish");
        await console.Page.GetByText("The same as a table").ClickAsync();
        await Expect(console.Page.Locator(".steps tbody tr")).ToHaveCountAsync(9);
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Several_keys_are_listed_each_with_its_fingerprint_at_both_ends()
    {
        await using var console = await network.OpenAsync("/establish?from=sofia");
        await console.Page.GetByLabel("Size in bits").FillAsync("512");
        await console.Page.GetByLabel("Number of keys").FillAsync("7");
        await console.Page.GetByLabel("Number of keys").PressAsync("Enter");

        var result = console.Page.Locator("[data-result=confirmed]");
        await Expect(result).ToContainTextAsync("7 keys of 512 bits");
        await Expect(result).ToContainTextAsync("Fingerprint at sofia");
        await Expect(result.Locator("tbody tr")).ToHaveCountAsync(5);
        await Expect(result).ToContainTextAsync("And 2 more.");
        await Expect(console.Page.Locator(".ladder")).ToBeVisibleAsync();
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_key_with_oneself_is_refused_with_a_reason()
    {
        await using var console = await network.OpenAsync("/establish");
        await console.Page.Locator("select[name=to]").SelectOptionAsync("sam");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Establish a key" }).ClickAsync();

        await Expect(console.Page.Locator("[data-result=failed]")).ToContainTextAsync("shared by two encryptors");
        await console.KeepAsync("establish-refused");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_phone_shows_the_form_and_the_ladder_and_scrolls_nowhere_sideways()
    {
        await using var console = await network.OpenAsync("/establish", width: 390, height: 844, colors: ColorScheme.Dark);

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Establish a key" }).ClickAsync();

        await Expect(console.Page.Locator(".ladder")).ToBeVisibleAsync();
        foreach (var print in await console.Page.Locator(".print").AllAsync())
        {
            Assert.True(await print.EvaluateAsync<bool>("print => print.getBoundingClientRect().right <= innerWidth"));
        }

        Assert.True(await console.Page.EvaluateAsync<bool>("document.scrollingElement.scrollWidth <= innerWidth"));
        await console.KeepAsync("establish-phone");
    }
}
