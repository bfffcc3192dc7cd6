using System.Text;
using Dske.ServiceDefaults.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Dske.ServiceDefaults.Outbound;

/// <summary>How the nodes' HTTP clients find and treat each other.</summary>
public static class OutboundHttpExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // Below the 130 s for which Kestrel keeps an idle connection: a client that lets go first never meets a connection the server
    // just closed, which HttpClient would answer by sending a GET again, unasked.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

    // Certificates and addresses are looked at when a connection is made.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    internal static void AddOutboundHttp(this WebApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.AddSingleton<OutboundConnections>();
        builder.Services.ConfigureHttpClientDefaults(static http =>
        {
            http.RemoveAllLoggers();
            http.ConfigurePrimaryHttpMessageHandler(CreateHandler);
            http.AddStandardResilienceHandler(static options => options.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });
    }

    /// <summary>
    /// Takes the resilience handler off one client, and with it every repetition: for messages that must be sent once, such as
    /// in-band DSKE messages (each names PSRD that is spent) and key delivery (a key is handed out once).
    /// </summary>
    /// <param name="http">The client being configured.</param>
    /// <returns><paramref name="http"/>.</returns>
    /// <remarks>
    /// The time limits of the handler go with it: set <see cref="HttpClient.Timeout"/> or cancel. Service discovery stays.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="http"/> is null.</exception>
    public static IHttpClientBuilder RemoveRetries(this IHttpClientBuilder http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            for (var i = handlers.Count - 1; i >= 0; i--)
            {
                if (handlers[i] is ResilienceHandler)
                {
                    handlers.RemoveAt(i);
                }
            }
        });
    }

    // Nodes name each other by exact address: a redirect, a cookie or a proxy of the environment has no business in between.
    private static SocketsHttpHandler CreateHandler(IServiceProvider services)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = ConnectionLifetime,

            // SAE IDs may hold any printable character, and travel in a header; Kestrel reads headers as UTF-8.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            UseCookies = false,
            UseProxy = false,
        };
        if (services.GetRequiredService<TlsMaterials>().IsConfigured)
        {
            handler.ConnectCallback = services.GetRequiredService<OutboundConnections>().ConnectAsync;

            // Not used, since connections come with their TLS; should the handler ever set up its own, it is to trust nobody.
            handler.SslOptions.CertificateChainPolicy = PeerTrust.Nobody();
        }

        return handler;
    }
}
