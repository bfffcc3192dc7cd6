using static Microsoft.Playwright.Assertions;

namespace Dske.Tests.Browser;

/// <summary>The console is not part of the network: when it is gone, the network does not notice, and it finds everything again afterwards.</summary>
[Trait("Tier", "Browser")]
[Collection(ConsoleFixture.Collection)]
public sealed class ConsoleDownTests(ConsoleFixture network)
{
    private const int Keys = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task Keys_go_on_while_the_console_is_killed_and_it_sees_them_again_afterwards()
    {
        await network.EstablishAsync(Cancellation);
        try
        {
            await network.KillAsync("console", Cancellation);
            for (var key = 0; key < Keys; key++)
            {
                await network.EstablishAsync(Cancellation);
            }

            // Nodes have nothing to say about it: they are as healthy as before.
            foreach (var node in ConsoleFixture.Nodes)
            {
                using var client = network.Application.CreateHttpClient(node);
                using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);
                Assert.True(answer.IsSuccessStatusCode, $"{node} answers {(int)answer.StatusCode}");
            }
        }
        finally
        {
            await network.StartAsync("console");
        }

        await using var console = await network.OpenAsync();
        foreach (var node in ConsoleFixture.Nodes)
        {
            await console.ExpectHealthAsync(node, "Ready");
        }

        // What nodes report arrives again, of keys made from now on.
        var later = await network.EstablishAsync(Cancellation);
        await console.GoAsync($"/traces?text={later}");
        await Expect(console.Page.Locator("tr[data-trace]").First).ToBeVisibleAsync();
    }

    [Fact(Timeout = ConsoleFixture.TestTimeout)]
    public async Task An_open_page_says_that_the_console_is_gone_and_comes_back_with_it()
    {
        await using var console = await network.OpenAsync();
        console.ExpectLostConnections();
        try
        {
            await network.KillAsync("console", Cancellation);
            await Expect(console.Page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
            await console.KeepAsync("console-gone");
        }
        finally
        {
            await network.StartAsync("console");
        }

        await Expect(console.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await console.ExpectHealthAsync("hank", "Ready");
    }
}
