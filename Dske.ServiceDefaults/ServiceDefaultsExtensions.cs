using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.ApiPages;
using Dske.ServiceDefaults.Connections;
using Dske.ServiceDefaults.Health;
using Dske.ServiceDefaults.Outbound;
using Dske.ServiceDefaults.Problems;
using Dske.ServiceDefaults.Startup;
using Dske.ServiceDefaults.Telemetry;
using Dske.ServiceDefaults.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults;

/// <summary>What every node has in common, in three calls of its <c>Program.cs</c>.</summary>
public static class ServiceDefaultsExtensions
{
    // How long requests in flight may hold up a stop.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds telemetry, health checks, service discovery, resilient HTTP clients, TLS, problem details, strict JSON, an API document
    /// and the limits of the web server. Call it before the node's own services.
    /// </summary>
    /// <param name="builder">The application being built.</param>
    /// <param name="configure">What this node type decides itself.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// A setting has a value outside its range; the message names the configuration key.
    /// </exception>
    public static WebApplicationBuilder AddServiceDefaults(
        this WebApplicationBuilder builder,
        Action<ServiceDefaultsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new ServiceDefaultsOptions();
        configure?.Invoke(options);

        builder.AddLogLevels();
        builder.AddTelemetry(options);
        builder.AddNodeHealth();
        builder.AddTls();
        builder.AddOutboundHttp();
        builder.AddProblems();
        builder.AddAccessPolicy();
        if (options.HasApiPages)
        {
            builder.AddApiPages(options);
        }

        builder.AddConnectionLimits(options.ConfigureListener);

        // A request begins on the thread that received it: handlers are short, and whatever waits for a disk or a peer gives its thread back.
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBodyBytes;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        return builder;
    }

    /// <summary>
    /// Puts error handling at the front of the pipeline and maps <c>/health</c>, <c>/alive</c> and, where there is an API to describe,
    /// <c>/openapi/v1.json</c> and <c>/scalar</c>. Call it before the node's own routes.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns><paramref name="app"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseTls();
        app.UseProblems();
        app.MapNodeHealth();
        app.MapApiPages();
        return app;
    }

    /// <summary>
    /// Runs the node until it is told to stop. A configuration that cannot work is reported on standard error, one problem a line,
    /// without the noise of an unhandled exception.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The exit code of the process: 0 after a stop, 1 when the node could not start.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    public static async Task<int> RunNodeAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        CoreDumps.Disable();
        var problems = FindProblems(app.Services);
        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync(problem);
        }

        if (problems.Count > 0)
        {
            await app.DisposeAsync();
            return 1;
        }

        await app.RunAsync();
        return 0;
    }

    // Before the host looks, which would log the same with the stack of an unhandled exception.
    private static IReadOnlyList<string> FindProblems(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();

            // What one needs another may need as well: a problem is told once.
            return [.. services.GetServices<StartupCheck>().Select(check => check.FindProblem(services)).OfType<string>().Distinct()];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return [.. e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
        catch (InvalidOperationException e)
        {
            // A value that cannot be read as what it should be: the binder names its key.
            return [e.Message];
        }
    }

    // Lowest in precedence, so that every usual way to configure logging overrides it.
    private static void AddLogLevels(this WebApplicationBuilder builder) =>
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",

                // An unready node would log at every probe what the probe is told anyway.
                ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
                ["Logging:LogLevel:Microsoft.Extensions.Http"] = "Warning",
                ["Logging:LogLevel:Microsoft.Extensions.ServiceDiscovery"] = "Warning",
                ["Logging:LogLevel:Polly"] = "Warning",
                ["Logging:LogLevel:System.Net.Http"] = "Warning",
            },
        });
}
