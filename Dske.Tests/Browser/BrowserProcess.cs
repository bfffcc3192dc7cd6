using Microsoft.Playwright;

namespace Dske.Tests.Browser;

/// <summary>A headless browser, and the pages of consoles in it.</summary>
public sealed class BrowserProcess : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private BrowserProcess(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts the browser at a path.</summary>
    public static async Task<BrowserProcess> StartAsync(string path)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Chromium.Arguments });
        Assertions.SetDefaultExpectTimeout(30_000);
        return new BrowserProcess(playwright, browser);
    }

    /// <summary>Opens a page of a console, and waits until it is live.</summary>
    /// <param name="console">Where the console is.</param>
    /// <param name="path">The page.</param>
    /// <param name="width">The width of the screen.</param>
    /// <param name="height">The height of the screen.</param>
    /// <param name="colors">What the system prefers.</param>
    public async Task<ConsolePage> OpenAsync(Uri console, string path, int width, int height, ColorScheme colors)
    {
        var page = await ConsolePage.CreateAsync(_browser, console, width, height, colors);
        await page.GoAsync(path);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
