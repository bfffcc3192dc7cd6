using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

/// <summary>What the panel of an encryptor shows beside what every node has.</summary>
[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class EncryptorPanelTests(ConsoleFixture network)
{
    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Secure_links_are_shown_as_they_come_up_carry_bytes_and_roll_over()
    {
        await using var console = await network.OpenAsync("/?node=sam");
        var panel = console.Page.Locator("[data-panel=sam]");
        await Expect(panel.Locator("[data-secure-link]")).ToHaveCountAsync(0);
        using var sam = network.Application.CreateHttpClient("sam");
        try
        {
            using var made = await sam.PutAsJsonAsync("/encryptor/sam/api/v1/links/sofia", new { roll_over_seconds = 4, max_key_age_seconds = 60 }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
            var link = panel.Locator("[data-secure-link=sofia]");
            await Expect(Fact(link, "state")).ToHaveTextAsync("up");
            if (await link.GetAttributeAsync("open") is null)
            {
                await link.Locator("summary").ClickAsync();
            }

            await Expect(Fact(link, "cipher")).ToHaveTextAsync("aes-256-gcm");
            await Expect(Fact(link, "next")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^in [0-4] s$"));
            await Expect(Fact(link, "sent")).ToHaveTextAsync("0 B");

            using var sent = await sam.PostAsJsonAsync("/encryptor/sam/api/v1/links/sofia/messages", new { text = new string('x', 3000) }, Cancellation);
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
            await Expect(Fact(link, "sent")).ToContainTextAsync("KiB");
            var epoch = await Fact(link, "epoch").InnerTextAsync();
            await Expect(Fact(link, "epoch")).Not.ToHaveTextAsync(epoch);
            await Expect(Fact(link, "roll-overs")).Not.ToHaveTextAsync("0");
            await Expect(Fact(link, "failures")).ToHaveTextAsync("0");
            await link.ScrollIntoViewIfNeededAsync();
            await console.KeepAsync("network-secure-link");

            // The other end tells the same, and that it does not decide.
            await console.Node("sofia").ClickAsync();
            var other = console.Page.Locator("[data-panel=sofia] [data-secure-link=sam]");
            await Expect(Fact(other, "state")).ToHaveTextAsync("up");
            await other.Locator("summary").ClickAsync();
            await Expect(Fact(other, "received")).ToContainTextAsync("KiB");
            await Expect(Fact(other, "next")).ToHaveTextAsync("the other end decides");
        }
        finally
        {
            using var timeout = new CancellationTokenSource(CleanUpTimeout);
            using var deleted = await sam.DeleteAsync("/encryptor/sam/api/v1/links/sofia", timeout.Token);
        }

        await Expect(console.Page.Locator("[data-panel=sofia] [data-secure-link]")).ToHaveCountAsync(0);
    }

    [Fact(Timeout = 2 * ConsoleFixture.TestTimeout)]
    public async Task Key_sinks_of_the_topology_are_shown_with_the_fingerprint_that_both_ends_have()
    {
        await using var console = await network.OpenAsync("/?node=sam");
        var sink = console.Page.Locator("[data-panel=sam] [data-sink=psk]");

        // The first attempts may come before the network is up, and they get rarer.
        await Expect(Fact(sink, "state")).ToHaveTextAsync("in order", new() { Timeout = ConsoleFixture.TestTimeout });
        await sink.Locator("summary").ClickAsync();
        await Expect(Fact(sink, "peer")).ToHaveTextAsync("sofia");
        await Expect(Fact(sink, "kind")).ToHaveTextAsync("a file");
        await Expect(Fact(sink, "roll-overs")).ToHaveTextAsync("1");
        await Expect(Fact(sink, "next")).ToContainTextAsync("at ");
        var fingerprint = await Fact(sink, "fingerprint").InnerTextAsync();
        await console.KeepAsync("network-key-sink");

        await console.Node("sofia").ClickAsync();
        var other = console.Page.Locator("[data-panel=sofia] [data-sink=psk]");
        await other.Locator("summary").ClickAsync();
        await Expect(Fact(other, "fingerprint")).ToHaveTextAsync(fingerprint);
        await Expect(Fact(other, "next")).ToHaveTextAsync("the other end decides");
        Assert.Equal(await File.ReadAllTextAsync(network.KeyFileOf("sam"), Cancellation), await File.ReadAllTextAsync(network.KeyFileOf("sofia"), Cancellation));
    }

    private static ILocator Fact(ILocator item, string name) => item.Locator($"[data-fact={name}]");
}
