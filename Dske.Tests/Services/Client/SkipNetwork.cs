using Dske.Client.Hosting;
using Dske.Tests.Network;

namespace Dske.Tests.Services.Client;

/// <summary>Two key providers, carol and conny, and what lies between them: for all tests of a class.</summary>
public sealed class SkipNetwork : IAsyncLifetime
{
    private LoopbackNetwork? _network;

    internal LoopbackNode<ClientOptions> Carol => _network!.Carol;

    internal LoopbackNode<ClientOptions> Conny => _network!.Conny;

    public async ValueTask InitializeAsync() => _network = await LoopbackNetwork.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
    }
}
