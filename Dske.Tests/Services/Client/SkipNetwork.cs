using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Protocol.Hubs;
using Dske.Tests.Network;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Client;

/// <summary>Two key providers, carol and conny, and what lies between them: for all tests of a class.</summary>
public sealed class SkipNetwork : IAsyncLifetime
{
    private LoopbackNetwork? _network;

    internal LoopbackNode<ClientOptions> Carol => _network!.Carol;

    internal LoopbackNode<ClientOptions> Conny => _network!.Conny;

    // Hubs that have just started would say "not yet" of names that they do not know.
    public async ValueTask InitializeAsync() => _network = await LoopbackNetwork.StartAsync(
        hubServices: services => services.PostConfigure<HubOptions>(hub => hub.Limits = new HubLimits { SettleTime = TimeSpan.Zero }));

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
    }
}
