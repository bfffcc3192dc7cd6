using Dske.Encryptor.Configuration;
using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Health;
using Dske.Encryptor.Offers;
using Dske.Encryptor.Sinks;
using Dske.Encryptor.Telemetry;
using Dske.Protocol.KeyDelivery;
using Dske.ServiceDefaults;
using Dske.ServiceDefaults.Outbound;
using Dske.ServiceDefaults.Routing;
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
        return app;
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
