using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Tls;

/// <summary>TLS with certificates at both ends, where it is configured.</summary>
internal static class TlsExtensions
{
    public static void AddTls(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsValidator>();
        services.AddSingleton<TlsMaterials>();
        services.AddSingleton<TlsRefusals>();
        services.AddSingleton<ServerHandshake>();
        services.AddHostedService<TlsReload>();
        services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>(static (kestrel, provider) =>
        {
            if (provider.GetRequiredService<TlsMaterials>().IsConfigured)
            {
                kestrel.ConfigureHttpsDefaults(provider.GetRequiredService<ServerHandshake>().Configure);
            }
        });
    }

    /// <summary>
    /// Ends connections whose caller's certificate is no longer good: revoked, for instance, while the connection stayed open. First in the pipeline.
    /// </summary>
    public static void UseTls(this WebApplication app)
    {
        var refusals = app.Services.GetRequiredService<TlsRefusals>();
        app.Use((context, next) =>
        {
            if (context.GetTlsCaller() is not { } caller || caller.Recheck() is not { } problem)
            {
                return next(context);
            }

            refusals.Report(PeerRole.Client, context.Connection.RemoteIpAddress?.ToString() ?? "(unknown)", caller.Subject, problem);
            context.Abort();
            return Task.CompletedTask;
        });
    }
}
