using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dske.LocalHosting.Testing;

/// <summary>
/// Runs the entry point of an AppHost inside the test process. Endpoints take free ports there, save those without a proxy, and what
/// resources write goes to the log, in the category <c>APPHOST.Resources.NAME</c>.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the entry point up to where it builds the application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly, for instance <c>Projects.Dske_AppHost</c>.</typeparam>
    /// <param name="args">Command-line arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The entry point ended before it built an application.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var run = new EntryPointRun(typeof(TEntryPoint).Assembly, args);
        return new Builder(run, await run.ToBuilderAsync(cancellationToken));
    }

    private sealed class Builder(EntryPointRun run, DistributedApplicationBuilder inner) : IDistributedApplicationTestingBuilder
    {
        public ConfigurationManager Configuration => inner.Configuration;

        public IHostEnvironment Environment => inner.Environment;

        public IServiceCollection Services => inner.Services;

        public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

        public IList<IResource> Resources => inner.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource => inner.AddResource(resource);

        public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

        public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
            new(new TestedHost(run, await run.ToApplicationAsync(cancellationToken)));

        public ValueTask DisposeAsync() => run.DisposeAsync();
    }

    /// <summary>The host of the AppHost as the test holds it: the AppHost starts and stops it.</summary>
    private sealed class TestedHost(EntryPointRun run, DistributedApplication inner) : IHost, IAsyncDisposable
    {
        public IServiceProvider Services => inner.Services;

        public Task StartAsync(CancellationToken cancellationToken = default) => run.ToStartedAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken = default) => run.DisposeAsync().AsTask();

        public void Dispose() => run.DisposeAsync().AsTask().GetAwaiter().GetResult();

        public ValueTask DisposeAsync() => run.DisposeAsync();
    }
}
