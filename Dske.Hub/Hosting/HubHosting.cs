using Dske.Hub.Enrolment;
using Dske.Hub.Traffic;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Management;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;
using Dske.ServiceDefaults;
using Dske.ServiceDefaults.Entropy;
using Dske.ServiceDefaults.Startup;
using Dske.ServiceDefaults.Storage;
using Dske.Storage;
using Microsoft.Extensions.Options;

namespace Dske.Hub.Hosting;

/// <summary>What a hub is made of.</summary>
internal static class HubHosting
{
    /// <summary>Names the hub on its API page.</summary>
    public static void Describe(this ServiceDefaultsOptions options, IConfiguration configuration)
    {
        options.Title = $"Hub {configuration[$"{HubOptions.Section}:{nameof(HubOptions.Name)}"]}";
        options.Description = "A DSKE hub: registers clients, hands out pre-shared random data, and relays key shares from client to client.";
    }

    /// <summary>Adds the hub's settings, its engine and its background work.</summary>
    public static void AddHub(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<HubOptions>().BindConfiguration(HubOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HubOptions>, HubOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        builder.AddEntropyAlarm();
        services.AddSingleton(CreateEntropySource);
        services.AddCheckedOptions<StorageOptions>(StorageOptions.Section, static options => options.FindProblems());
        services.AddSingleton(OpenStores);
        services.OpenAtStart<NodeStores<IHubStateStore>>();
        services.AddErasure(static provider => provider.GetRequiredService<NodeStores<IHubStateStore>>().Psrd);
        services.AddSingleton(CreateEngine);
        services.AddSingleton<HubGauges>();
        services.AddSingleton<OutOfBandAccess>();
        services.AddSingleton<OutOfBandRates>();
        services.AddSingleton<UnverifiedBodies>();
        services.AddSingleton<CourierDesk>();
        services.AddHostedService<OutOfBandNotice>();
        services.AddHostedService<ShareSweeper>();
        services.AddHealthChecks().AddCheck<StorageHealth>("storage");

        // A sync states all blocks of a link in its query.
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestLineSize = SyncQuery.MaxLength + 1024);
        services.ConfigureHttpJsonOptions(json =>
        {
            MessageJson.AddConverters(json.SerializerOptions, Dialect.Guide);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ManagementJsonContext.Default);
        });
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
    private static NodeStores<IHubStateStore> OpenStores(IServiceProvider services) => NodeStores.OpenHub(
        services.GetRequiredService<IOptions<StorageOptions>>().Value, SystemEntropySource.Instance, services.GetRequiredService<TimeProvider>());

    private static HubEngine CreateEngine(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<HubOptions>>().Value;
        var stores = services.GetRequiredService<NodeStores<IHubStateStore>>();
        return new HubEngine(
            NodeName.Parse(options.Name),
            new NetworkShape([.. options.Hubs.Select(NodeName.Parse)], options.Threshold),
            stores.Psrd,
            stores.State,
            services.GetRequiredService<IEntropySource>(),
            services.GetRequiredService<TimeProvider>(),
            options.Limits);
    }
}
