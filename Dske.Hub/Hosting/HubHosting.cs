using Dske.Hub.Enrolment;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Management;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;
using Dske.ServiceDefaults;
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
        services.AddSingleton<IEntropySource>(SystemEntropySource.Instance);
        services.AddSingleton<IPsrdStore, InMemoryPsrdStore>();
        services.AddSingleton(CreateEngine);
        services.AddSingleton<HubGauges>();
        services.AddSingleton<OutOfBandAccess>();
        services.AddHostedService<OutOfBandNotice>();
        services.AddHostedService<ShareSweeper>();
        services.AddHealthChecks().AddCheck<StorageHealth>("storage");
        services.ConfigureHttpJsonOptions(json =>
        {
            MessageJson.AddConverters(json.SerializerOptions, Dialect.Guide);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ManagementJsonContext.Default);
        });
    }

    private static HubEngine CreateEngine(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<HubOptions>>().Value;
        var entropy = services.GetRequiredService<IEntropySource>();
        return new HubEngine(
            NodeName.Parse(options.Name),
            new NetworkShape([.. options.Hubs.Select(NodeName.Parse)], options.Threshold),
            entropy.NextUuid(),
            services.GetRequiredService<IPsrdStore>(),
            entropy,
            services.GetRequiredService<TimeProvider>(),
            options.Limits);
    }
}
