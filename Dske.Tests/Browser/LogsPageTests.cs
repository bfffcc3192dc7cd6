using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class LogsPageTests(ConsoleFixture network)
{
    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task A_record_is_opened_to_what_it_consists_of()
    {
        await using var console = await network.OpenAsync("/logs");
        var record = console.Page.Locator(".record").First;
        await Expect(record).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(console.Page.GetByText("paused at")).ToBeVisibleAsync();

        await record.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(record.GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(record.Locator("dl")).ToContainTextAsync("category");
        await console.KeepAsync("logs");
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Filters_narrow_the_records_down_and_stand_in_the_address()
    {
        await using var console = await network.OpenAsync("/logs", 390, 844, ColorScheme.Dark);
        await Expect(console.Page.Locator(".record").First).ToBeVisibleAsync();

        await console.Page.GetByLabel("Node").SelectOptionAsync("hank");

        await Expect(console.Page).ToHaveURLAsync(new Regex(@"/logs\?node=hank$"));
        await Expect(console.Page.Locator(".record:not([data-node=hank])")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator(".record[data-node=hank]").First).ToBeVisibleAsync();
        await console.KeepAsync("logs-phone-dark");
        await console.Page.GetByLabel("Text").FillAsync("no such thing");
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page.Locator("[data-state=empty]")).ToContainTextAsync("No record fits");
        await console.Page.GetByText("Show all of them").ClickAsync();
        await Expect(console.Page.Locator(".record").First).ToBeVisibleAsync();
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task The_least_level_leaves_out_what_is_below_it()
    {
        await using var console = await network.OpenAsync("/logs");
        using var hub = network.Application.CreateHttpClient("hank");
        using var refused = await hub.GetAsync(new Uri("/hub/hank/dske/oob/v1/psrd?client_name=mallory&size=1024", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await Expect(console.Page.Locator(".record[data-level=Information]").First).ToBeVisibleAsync();

        await console.Page.GetByLabel("At least").SelectOptionAsync("warning");

        await Expect(console.Page).ToHaveURLAsync(new Regex(@"/logs\?level=warning$"));
        await Expect(console.Page.Locator(".record[data-level=Warning][data-node=hank]").First).ToContainTextAsync("refused");
        await Expect(console.Page.Locator(".record[data-level=Information]")).ToHaveCountAsync(0);
        await console.KeepAsync("logs-warnings");
    }

    [Theory(Timeout = ConsoleFixture.TestTimeout)]
    [InlineData("/logs?trace=x", "That is no trace ID")]
    [InlineData("/logs?trace=0123456789abcdef0123456789abcdef", "No record fits")]
    [InlineData("/logs?text=no+such+thing&level=critical", "No record fits")]
    public async Task Where_nothing_fits_the_page_says_why(string path, string why)
    {
        await using var console = await network.OpenAsync(path);

        await Expect(console.Page.Locator("[data-state=empty]")).ToContainTextAsync(why);
    }
}
