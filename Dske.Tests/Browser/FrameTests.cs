using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

/// <summary>What all pages share.</summary>
[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class FrameTests(ConsoleFixture network)
{
    [Theory(Timeout = ConsoleFixture.TestTimeout)]
    [InlineData("Network", "/")]
    [InlineData("Establish", "/establish")]
    [InlineData("Traces", "/traces")]
    [InlineData("Metrics", "/metrics")]
    [InlineData("Logs", "/logs")]
    [InlineData("Faults", "/faults")]
    public async Task Every_section_is_reached_from_the_navigation(string section, string path)
    {
        await using var console = await network.OpenAsync(path == "/" ? "/logs" : "/");

        await console.Page.GetByRole(AriaRole.Navigation).GetByText(section, new() { Exact = true }).ClickAsync();

        await Expect(console.Page).ToHaveURLAsync(new Uri(network.Application.GetEndpoint("console", "http"), path).AbsoluteUri);
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(section);
        await Expect(console.Page).ToHaveTitleAsync($"{section} · Dske");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_keyboard_skips_to_the_content()
    {
        await using var console = await network.OpenAsync();

        // The first thing that a keyboard reaches; a new page puts the focus further down, on its heading.
        Assert.True(await console.Page.EvaluateAsync<bool>("document.querySelector('a, button, input, [tabindex]').matches('.skip-link')"));
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await console.Page.GetByText("Skip to content").FocusAsync();
        await Expect(console.Page.GetByText("Skip to content")).ToBeInViewportAsync();
        await console.Page.Keyboard.PressAsync("Enter");

        await Expect(console.Page.Locator("main")).ToBeFocusedAsync();
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_page_that_is_none_says_so()
    {
        await using var console = await network.OpenAsync();

        await console.Page.EvaluateAsync("Blazor.navigateTo('/nowhere')");

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not found");
    }
}
