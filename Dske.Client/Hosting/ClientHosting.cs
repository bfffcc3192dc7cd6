using Dske.Client.Audit;
using Dske.Client.Endpoints;
using Dske.Client.HubAccess;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Management;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults;
using Dske.ServiceDefaults.Entropy;
using Dske.ServiceDefaults.Outbound;
using Dske.ServiceDefaults.Problems;
using Dske.ServiceDefaults.Startup;
using Dske.ServiceDefaults.Storage;
using Dske.Storage;
using Dske.Storage.Lines;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;

namespace Dske.Client.Hosting;

/// <summary>What a client is made of.</summary>
internal static class ClientHosting
{
    /// <summary>Names the client on its API page, and keeps one in a hundred traces of encryptors that send none of their own.</summary>
    public static void Describe(this ServiceDefaultsOptions options, IConfiguration configuration)
    {
        options.Title = $"Client {configuration[$"{ClientOptions.Section}:{nameof(ClientOptions.Name)}"]}";
        options.Description = "A DSKE client (key management entity): makes keys over the hubs and delivers them to its encryptors.";
        options.DefaultRootRatio = 0.01;
    }

    /// <summary>Adds the client's settings, its engine, its way to the hubs and its background work.</summary>
    public static void AddClient(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ClientOptions>().BindConfiguration(ClientOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClientOptions>, ClientOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        builder.AddEntropyAlarm();
        services.AddSingleton(CreateEntropySource);
        services.AddCheckedOptions<StorageOptions>(StorageOptions.Section, static options => options.FindProblems());
        services.AddSingleton(OpenStores);
        services.OpenAtStart<NodeStores<IClientStateStore>>();
        services.AddErasure(static provider => provider.GetRequiredService<NodeStores<IClientStateStore>>().Psrd);
        services.AddSingleton<IHubTransport, HttpHubTransport>();
        services.AddSingleton(CreateEngine);
        services.AddSingleton(OpenAuditTrail);
        services.OpenAtStart<AuditTrail>();
        services.AddSingleton<KmeDirectory>();
        services.AddSingleton<CourierStaging>();
        services.AddSingleton<KeyDelivery>();
        services.AddHostedService<ShortKeys>();
        services.AddHostedService<SuspectHubs>();
        services.AddHostedService<LinkAlarms>();
        services.AddHostedService<LinkMaintenance>();
        services.AddHealthChecks().AddCheck<HubsHealth>("hubs");
        services.AddSingleton<IErrorFormat, KeyDeliveryErrorFormat>();
        services.AddSingleton<IErrorFormat, SkipErrorFormat>();
        services.AddSingleton<IRemoteSystems, ConfiguredRemoteSystems>();
        services.AddHttpClient(HttpHubTransport.InBandClient, HttpHubTransport.Configure).RemoveRetries();
        services.AddHttpClient(HttpHubTransport.OutOfBandClient, HttpHubTransport.Configure).RemoveRetries();
        services.ConfigureAll<OpenApiOptions>(static document => document
            .AddDocumentTransformer(KeyDeliverySchemas.DescribeAsync)
            .AddDocumentTransformer(SkipDescription.DescribeMembersAsync));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ManagementJsonContext.Default));
    }

    private static IEntropySource CreateEntropySource(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<EntropyOptions>>().Value;
        var alarm = services.GetRequiredService<EntropyAlarm>();
        return options.Source is null
            ? SystemEntropySource.Instance
            : new MixedEntropySource(
                options.OpenSource,
                SystemEntropySource.Instance,
                options.MinEntropyPerByte,
                options.ReadTimeout,
                services.GetRequiredService<TimeProvider>(),
                failure => alarm.Raise(failure.Reason, failure.Message));
    }

    // What is drawn for storage are names and keys of its own: a node whose source of PSRD has failed starts all the same.
    private static NodeStores<IClientStateStore> OpenStores(IServiceProvider services) => NodeStores.OpenClient(
        services.GetRequiredService<IOptions<StorageOptions>>().Value, SystemEntropySource.Instance, services.GetRequiredService<TimeProvider>());

    private static AuditTrail OpenAuditTrail(IServiceProvider services)
    {
        // The stores take the data directory for this process first.
        services.GetRequiredService<NodeStores<IClientStateStore>>();
        var storage = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var lines = storage.InMemory
            ? null
            : DailyLines.Open(Path.Combine(storage.Directory!, "audit"), services.GetRequiredService<IOptions<ClientOptions>>().Value.Audit.Flush, time);
        return new AuditTrail(lines, time, services.GetRequiredService<ILogger<AuditTrail>>());
    }

    private static ClientEngine CreateEngine(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ClientOptions>>().Value;
        var settings = new ClientSettings
        {
            Name = NodeName.Parse(options.Name),
            Encryptors = [.. options.Encryptors.Select(SaeId.Parse)],
            Hubs =
            [
                .. options.Hubs.Select(hub => new HubSettings(
                    NodeName.Parse(hub.Name), hub.TryGetDialect(out var dialect) ? dialect : default, IsCouriered: hub.OutOfBand == false)),
            ],
            Threshold = options.Threshold,
            Psrd = new PsrdTargets(options.Psrd.BlockSize, options.Psrd.RefillBelow, options.Psrd.RefillTo),
            Limits = options.Limits,
        };
        var stores = services.GetRequiredService<NodeStores<IClientStateStore>>();
        return new ClientEngine(
            settings,
            stores.Psrd,
            stores.State,
            services.GetRequiredService<IHubTransport>(),
            services.GetRequiredService<IEntropySource>(),
            services.GetRequiredService<TimeProvider>());
    }
}
