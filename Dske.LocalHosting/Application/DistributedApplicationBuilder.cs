using Dske.LocalHosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dske.LocalHosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly EntryPointRun? _test = EntryPointRun.Current;

    public DistributedApplicationBuilder(string[] args)
    {
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            ApplicationName = _test?.EntryPoint.GetName().Name,
            // This orchestrator is for development machines; DOTNET_ENVIRONMENT says otherwise.
            EnvironmentName = System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development,
        });

        // What the host itself has to say is of no use to those who watch the output of their resources.
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        _host.Services.AddHttpClient();
        HealthMonitor.AddClient(_host.Services);
        _host.Services.AddSingleton(TimeProvider.System);
        _host.Services.AddSingleton(ExecutionContext);
        _host.Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        _host.Services.AddSingleton<ResourceNotificationService>();
        _host.Services.AddSingleton(services =>
            new ResourceCommandService(services.GetRequiredService<ResourceNotificationService>(), services));
        _host.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<ResourceOutput>(services, _test is not null));
        _host.Services.AddHostedService<LocalOrchestrator>();
        if (_test is not null && _host.Configuration[LocalOrchestrator.RandomizePortsKey] is null)
        {
            _host.Configuration.AddInMemoryCollection([new(LocalOrchestrator.RandomizePortsKey, "true")]);
        }
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public IList<IResource> Resources { get; } = [];

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"The application already has a resource '{resource.Name}'.");
        }

        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        _test?.OnBuilding(this);
        var application = new DistributedApplication(_host.Build());
        _test?.OnBuilt(application);
        return application;
    }
}
