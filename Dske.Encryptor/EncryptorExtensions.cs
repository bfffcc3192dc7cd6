using Dske.Encryptor.Configuration;
using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Health;
using Dske.Encryptor.Links;
using Dske.Encryptor.Messages;
using Dske.Encryptor.Offers;
using Dske.Encryptor.Sinks;
using Dske.Encryptor.Telemetry;
using Dske.Encryptor.Tunnels;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults;
using Dske.ServiceDefaults.Outbound;
using Dske.ServiceDefaults.Routing;
using Dske.ServiceDefaults.Startup;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Dske.Encryptor;

/// <summary>What makes a web application an encryptor.</summary>
internal static class EncryptorExtensions
{
    private const string BasePath = "/encryptor/{sae}/api/v1";

    /// <summary>Names the encryptor on its API page.</summary>
    public static void Describe(this ServiceDefaultsOptions options, IConfiguration configuration)
    {
        options.Title = $"Encryptor {configuration[$"{EncryptorOptions.Section}:{nameof(EncryptorOptions.SaeId)}"]}";
        options.Description = "Establishes keys with its peers through its KME, and confirms that both ends hold them.";
    }

    /// <summary>Adds the encryptor's configuration, key store, clients of KME and peers, health and limits.</summary>
    public static WebApplicationBuilder AddEncryptor(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<EncryptorOptions>().BindConfiguration(EncryptorOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EncryptorOptions>, EncryptorOptionsParser>();
        services.AddSingleton(provider => EncryptorOptionsParser.Parse(provider.GetRequiredService<IOptions<EncryptorOptions>>().Value));
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton<EncryptorTelemetry>();
        services.AddSingleton<KeyStore>();
        services.AddTransient<KmeExchange>();
        services.AddTransient<KeyInitiator>();
        services.AddTransient<OfferResponder>();
        services.AddSingleton<SinkTelemetry>();
        services.AddSingleton<KeySinks>();
        services.AddHostedService<SinkService>();
        services.AddKme();
        services.AddHttpClient<PeerClient>((provider, http) =>
        {
            http.Timeout = provider.GetRequiredService<EncryptorSettings>().PeerTimeout;
            http.MaxResponseContentBufferSize = PeerClient.MaxAnswerBytes;
        }).RemoveRetries();

        services.AddSecureLinks();
        services.AddEncryptorLimits();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, EncryptorJson.Default));
        return builder;
    }

    /// <summary>Maps <c>/encryptor/{sae}/api/v1</c>.</summary>
    public static WebApplication MapEncryptor(this WebApplication app)
    {
        app.UseRateLimiter();
        var api = app.MapGroup(BasePath)
            .WithTags("Encryptor")
            .ServesOnly(
                "sae",
                services => services.GetRequiredService<EncryptorSettings>().SaeId.Value,
                EncryptorProblems.UnknownEncryptor);
        api.MapKeysApi();
        api.MapOffersApi();
        api.MapPeersApi();
        api.MapSinksApi();
        api.MapLinksApi();
        api.MapTunnelsApi();
        api.MapMessagesApi();
        api.MapEpochsApi();
        api.MapStreamsApi();
        return app;
    }

    private static void AddSecureLinks(this IServiceCollection services)
    {
        services.AddCheckedOptions<TunnelOptions>(TunnelOptions.Section, TunnelOptions.FindProblems);
        services.AddOptions<EncryptorStorageOptions>().BindConfiguration(EncryptorStorageOptions.Section);
        services.TryAddSingleton<IEntropySource>(SystemEntropySource.Instance);
        services.AddSingleton<LinkTelemetry>();
        services.AddSingleton<LinkFile>().OpenAtStart<LinkFile>();
        services.AddSingleton<LinkClient>();
        services.AddSingleton<LinkTable>();
        services.AddSingleton<LinkResponder>();
        services.AddSingleton<LinkConfiguration>();
        services.AddSingleton<StreamOpener>();
        services.AddSingleton<StreamAccepter>();
        services.AddSingleton<TunnelTable>();
        services.AddSingleton<MessageStore>();
        services.AddSingleton<MessageSender>();
        services.AddHostedService<LinkHost>();
        services.AddHttpClient(LinkClient.Agreement, (provider, http) =>
        {
            http.Timeout = provider.GetRequiredService<EncryptorSettings>().PeerTimeout;
            http.MaxResponseContentBufferSize = LinkClient.MaxAnswerBytes;
        }).RemoveRetries();

        // A stream lasts as long as the connection that it carries; its beginning has a limit of its own.
        services.AddHttpClient(LinkClient.Streams, http => http.Timeout = Timeout.InfiniteTimeSpan).RemoveRetries();
    }

    private static void AddKme(this IServiceCollection services)
    {
        services.AddHttpClient(nameof(KeyDeliveryClient))
            .ConfigureHttpClient((provider, http) =>
            {
                http.BaseAddress = provider.GetRequiredService<EncryptorSettings>().KmeUrl;

                // The client has a time limit of its own, which covers the whole answer.
                http.Timeout = Timeout.InfiniteTimeSpan;
            })
            .RemoveRetries()
            .AddTypedClient((http, provider) =>
            {
                var settings = provider.GetRequiredService<EncryptorSettings>();
                var options = new KeyDeliveryClientOptions
                {
                    Caller = settings.SaeId,
                    BasePath = settings.KmePath,
                    Timeout = settings.KmeTimeout,
                };
                return new KeyDeliveryClient(http, options, provider.GetRequiredService<TimeProvider>());
            });

        services.AddSingleton<KmeHealthCheck>();
        services.AddHealthChecks().AddCheck<KmeHealthCheck>(KmeHealthCheck.Name);
        services.AddHttpClient(KmeHealthCheck.Name, (provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<EncryptorSettings>().KmeUrl;
            http.Timeout = KmeHealthCheck.Timeout;
        }).RemoveRetries();
    }
}
