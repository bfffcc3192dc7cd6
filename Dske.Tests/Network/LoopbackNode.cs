using Dske.Tests.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Network;

/// <summary>One of many nodes in this process, on a loopback port that the system chooses.</summary>
/// <typeparam name="TMarker">A type of the node's assembly.</typeparam>
internal sealed class LoopbackNode<TMarker> : ServiceNode<TMarker>
    where TMarker : class
{
    private readonly Action<IServiceCollection>? _services;

    private LoopbackNode(string root, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? services)
        : base(settings, time: null) => (Root, _services) = (root, services);

    public override string Root { get; }

    /// <summary>Starts a node.</summary>
    /// <param name="root">Where its own name stands in its paths.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="services">Changes its services; null for none.</param>
    public static LoopbackNode<TMarker> Start(string root, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? services = null)
    {
        var node = new LoopbackNode<TMarker>(root, settings, services);
        node.Listen();
        return node;
    }

    protected override void ConfigureServices(IServiceCollection services) => _services?.Invoke(services);
}
