using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SampleApp;

namespace Dske.Tests.Unit.LocalHosting;

/// <summary>An application of sample nodes, described by a test, with what its nodes wrote and what became of them.</summary>
internal sealed class SampleApplication : IAsyncDisposable
{
    /// <summary>How long a test may take before it counts as hanging, in milliseconds.</summary>
    public const int TestTimeout = 60_000;

    private readonly IDistributedApplicationTestingBuilder _builder;
    private DistributedApplication? _application;

    private SampleApplication(IDistributedApplicationTestingBuilder builder)
    {
        _builder = builder;
        builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(Output));
    }

    public ResourceLog Output { get; } = new();

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("Not started.");

    public ResourceNotificationService Notifications => Application.ResourceNotifications;

    public static async Task<SampleApplication> CreateAsync(CancellationToken cancellationToken) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<SampleProject>(["apphost", "0"], cancellationToken));

    public IResourceBuilder<ProjectResource> Add(string name) =>
        _builder.AddProject<SampleProject>(name, launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await BuildAsync(cancellationToken);
        await Application.StartAsync(cancellationToken);
    }

    /// <summary>Builds the application, which then starts by itself.</summary>
    public async Task BuildAsync(CancellationToken cancellationToken) => _application = await _builder.BuildAsync(cancellationToken);

    public CustomResourceSnapshot StateOf(string name) =>
        Notifications.TryGetCurrentState(name, out var current) ? current.Snapshot : throw new InvalidOperationException($"No {name}.");

    public int ProcessIdOf(string name) => Assert.IsType<int>(Assert.Single(StateOf(name).Properties, property => property.Name == "executable.pid").Value);

    public Task<ExecuteCommandResult> ExecuteAsync(string name, string command, CancellationToken cancellationToken) =>
        Application.ResourceCommands.ExecuteCommandAsync(name, command, cancellationToken);

    public async Task<Dictionary<string, string>> EnvironmentOfAsync(string name, CancellationToken cancellationToken)
    {
        await Notifications.WaitForResourceHealthyAsync(name, cancellationToken);
        using var client = Application.CreateHttpClient(name);
        return (await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        Output.Dispose();
    }
}
