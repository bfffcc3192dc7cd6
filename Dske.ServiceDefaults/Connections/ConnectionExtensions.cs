using Dske.ServiceDefaults.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Connections;

/// <summary>Bounds the connections of a node, all together and by address.</summary>
internal static class ConnectionExtensions
{
    public static void AddConnectionLimits(this WebApplicationBuilder builder, Action<ListenOptions>? configure)
    {
        builder.Services.AddCheckedOptions<ConnectionOptions>(ConnectionOptions.Section, ConnectionOptions.FindProblems);
        builder.Services.AddSingleton<ConnectionLimit>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ConnectionOptions>>((kestrel, options) =>
        {
            kestrel.Limits.MaxConcurrentConnections = options.Value.Max;

            // There is one such function: whoever sets another one has to call this one. Before TLS, whose handshake costs more than anything else that strangers can ask for.
            kestrel.ConfigureEndpointDefaults(listen =>
            {
                var limit = listen.ApplicationServices.GetRequiredService<ConnectionLimit>();
                listen.Use(next => connection => limit.RunAsync(connection, next));
                configure?.Invoke(listen);
            });
        });
    }
}
