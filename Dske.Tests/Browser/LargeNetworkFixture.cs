using System.Globalization;
using Microsoft.Playwright;

namespace Dske.Tests.Browser;

/// <summary>The console as a process, of a network of 16 hubs and 100 clients as they would report themselves, and a browser.</summary>
public sealed class LargeNetworkFixture : IAsyncLifetime
{
    public const string Collection = "The console of a large network in a browser";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    private ReportedNodes? _nodes;
    private DistributedApplication? _application;
    private BrowserProcess? _browser;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The console has not started.");

    public Uri Pages => Application.GetEndpoint("console", "http");

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is not { } browser)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(StartTimeout);
        _nodes = await ReportedNodes.StartAsync(timeout.Token);
        var builder = DistributedApplication.CreateBuilder([]);
        var console = builder.AddProject<Projects.Dske_Console>("console", launchProfileName: null)
            .WithHttpEndpoint(name: "http")
            .WithHttpEndpoint(name: "otlp", env: "Dske__Console__OtlpGrpcPort")
            .WithHttpHealthCheck("/alive", endpointName: "http");
        foreach (var (key, value) in _nodes.Settings)
        {
            console.WithEnvironment(key, value);
        }

        _application = builder.Build();
        await _application.StartAsync(timeout.Token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("console", timeout.Token);
        _browser = await BrowserProcess.StartAsync(browser);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_application is not null)
        {
            await _application.StopAsync();
            await _application.DisposeAsync();
        }

        if (_nodes is not null)
        {
            await _nodes.DisposeAsync();
        }
    }

    /// <summary>Opens a page of the console, and waits until it is live. The test is skipped where there is no browser.</summary>
    public Task<ConsolePage> OpenAsync(string path = "/", int width = 1280, int height = 800)
    {
        Assert.SkipWhen(_browser is null, Chromium.Missing);
        return _browser!.OpenAsync(Pages, path, width, height, ColorScheme.Light);
    }

    /// <summary>What the console's process has in memory, in bytes, as the system counts it.</summary>
    public long CountMemory()
    {
        Assert.True(Application.ResourceNotifications.TryGetCurrentState("console", out var current));
        var processId = Assert.Single(current!.Snapshot.Properties, property => property.Name == "executable.pid").Value;
        using var process = System.Diagnostics.Process.GetProcessById(Convert.ToInt32(processId, CultureInfo.InvariantCulture));
        return process.WorkingSet64;
    }
}
