namespace Dske.Tests.Browser;

/// <summary>Where the browser is: <c>DSKE_CHROMIUM</c>, or where Debian and others put it.</summary>
internal static class Chromium
{
    /// <summary>What keeps the browser to itself: no sandbox since tests run as root in containers, and no business of its own on the network.</summary>
    public static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Why tests are skipped where there is none.</summary>
    public const string Missing = "There is no browser: install the package chromium, or name one in DSKE_CHROMIUM.";

    /// <summary>The path, or null where there is none.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable("DSKE_CHROMIUM") is { Length: > 0 } named ? named : Array.Find(Paths, File.Exists);
}
