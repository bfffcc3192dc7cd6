using Dske.Console.Access;
using Dske.Console.Establishments;
using Dske.Console.Faults;
using Dske.Console.Network;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Outbound;
using Dske.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;

namespace Dske.Console;

/// <summary>What lets the console look at the network, have keys established, and start and stop nodes.</summary>
internal static class NetworkExtensions
{
    /// <summary>Adds it.</summary>
    public static void AddNetwork(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddCheckedOptions<NetworkOptions>(NetworkOptions.Section, NetworkOptions.FindProblems);
        services.AddSingleton(static provider => NetworkSettings.Of(provider.GetRequiredService<IOptions<NetworkOptions>>().Value));
        services.AddSingleton<NetworkWatch>();
        services.AddHostedService<NetworkPoller>();

        // A question that fails is asked again with the next round; the reader has a time limit of its own.
        services.AddHttpClient(nameof(HttpNodeReader), static http =>
        {
            http.Timeout = Timeout.InfiniteTimeSpan;
            http.MaxResponseContentBufferSize = HttpNodeReader.MaxAnswerBytes;
        }).RemoveRetries();
        services.AddSingleton<INodeReader>(static provider => new HttpNodeReader(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(HttpNodeReader)), provider.GetRequiredService<TimeProvider>()));

        // Keys are asked for once: whoever waits would rather press again.
        services.AddHttpClient(EncryptorCaller.ClientName, static http =>
        {
            http.Timeout = EncryptorCaller.Timeout;
            http.MaxResponseContentBufferSize = EncryptorCaller.MaxAnswerBytes;
        }).RemoveRetries();
        services.AddSingleton(static provider => new EncryptorCaller(provider.GetRequiredService<IHttpClientFactory>()));

        // A command is given once.
        services.AddOptions<FaultOptions>().BindConfiguration(FaultOptions.Section);
        services.AddHttpClient(FaultControl.ClientName, static http => http.Timeout = FaultControl.Timeout).RemoveRetries();
        services.AddSingleton(static provider => new FaultControl(
            provider.GetRequiredService<IOptions<FaultOptions>>(),
            provider.GetRequiredService<IOptions<AccessOptions>>(),
            provider.GetRequiredService<PageGate>(),
            provider.GetRequiredService<IHttpClientFactory>()));
    }
}
