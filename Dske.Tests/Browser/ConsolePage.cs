using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Dske.Tests.Browser;

/// <summary>
/// A page of the console in a browser of its own. When it is closed the test fails if the page has thrown, has logged an error, or has asked any
/// other machine for anything.
/// </summary>
public sealed class ConsolePage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly IBrowserContext _context;
    private volatile bool _mayLoseConnections;

    private ConsolePage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Complain(message.Type is "error" && !_mayLoseConnections, message.Text);
        // What Blazor had to send when its connection broke is an error of the page too.
        page.PageError += (_, error) => Complain(!(_mayLoseConnections && error.Contains("connection is not in the 'Connected' State", StringComparison.Ordinal)), error);
        page.Request += (_, request) => Complain(new Uri(request.Url) is { IsLoopback: false, Scheme: not ("data" or "blob") }, request.Url);
        page.WebSocket += (_, socket) => Complain(!new Uri(socket.Url).IsLoopback, socket.Url);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    public static async Task<ConsolePage> CreateAsync(IBrowser browser, Uri console, int width, int height, ColorScheme colors)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = console.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.NoPreference,
        });
        return new ConsolePage(context, await context.NewPageAsync());
    }

    /// <summary>Goes to a page, and waits until it is live.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await Assertions.Expect(Page.Locator(".frame[data-live=true]")).ToBeVisibleAsync();
    }

    /// <summary>From now on the page may write of connections that were lost: the test ends the console.</summary>
    public void ExpectLostConnections() => _mayLoseConnections = true;

    /// <summary>A node of the picture.</summary>
    public ILocator Node(string name) => Page.Locator($".picture [data-node={name}]");

    /// <summary>Waits until a node of the picture is as it should be.</summary>
    public Task ExpectHealthAsync(string node, string health) => Assertions.Expect(Node(node)).ToHaveAttributeAsync("data-health", health);

    /// <summary>Keeps what is seen, as <c>artifacts/browser/NAME.png</c>.</summary>
    public Task KeepAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder(), name + ".png") });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }

    private void Complain(bool isWrong, string what)
    {
        if (isWrong)
        {
            _complaints.Enqueue(what);
        }
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Dske.sln")))
        {
            folder = folder.Parent;
        }

        return Directory.CreateDirectory(Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "artifacts", "browser")).FullName;
    }
}
