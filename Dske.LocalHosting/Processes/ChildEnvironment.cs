using System.Globalization;
using System.Security.Cryptography;

namespace Dske.LocalHosting;

/// <summary>The environment variables that a project gets on top of those of the AppHost.</summary>
internal static class ChildEnvironment
{
    /// <summary>Assemblies that the runtime runs before the entry point.</summary>
    public const string StartupHooks = "DOTNET_STARTUP_HOOKS";

    /// <summary>Carries the startup hooks that the AppHost was itself started with.</summary>
    public const string OuterStartupHooks = "DSKE_OUTER_STARTUP_HOOKS";

    // Milliseconds. Short, so that what is looked at while developing is up to date.
    private const string TelemetryDelay = "1000";

    public static async Task<Dictionary<string, string>> ResolveAsync(
        ProjectResource resource, string environmentName, CancellationToken cancellationToken)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToLookup(endpoint => endpoint.PortVariable is null);
        var outerHooks = Environment.GetEnvironmentVariable(StartupHooks);
        var context = new EnvironmentCallbackContext(new Dictionary<string, object>
        {
            ["ASPNETCORE_ENVIRONMENT"] = environmentName,
            ["ASPNETCORE_URLS"] = string.Join(';', endpoints[true].Select(endpoint => endpoint.Url)),
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["OTEL_SERVICE_NAME"] = resource.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={resource.Name}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = TelemetryDelay,
            ["OTEL_BSP_SCHEDULE_DELAY"] = TelemetryDelay,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = TelemetryDelay,
            [OuterStartupHooks] = outerHooks ?? string.Empty,
        });

        foreach (var endpoint in endpoints[false])
        {
            context.EnvironmentVariables[endpoint.PortVariable!] = endpoint.AllocatedPort!;
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            annotation.Callback(context);
        }

        var hook = typeof(StartupHook).Assembly.Location;
        context.EnvironmentVariables[StartupHooks] = string.IsNullOrEmpty(outerHooks) ? hook : $"{hook}{Path.PathSeparator}{outerHooks}";

        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            resolved[name] = value is IValueProvider provider
                ? await provider.GetValueAsync(cancellationToken) ?? string.Empty
                : Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
        }

        return resolved;
    }
}
