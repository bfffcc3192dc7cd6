using Dske.Tests.Services;

namespace Dske.Tests.Network;

/// <summary>One of many nodes in this process, on a loopback port that the system chooses.</summary>
/// <typeparam name="TMarker">A type of the node's assembly.</typeparam>
internal sealed class LoopbackNode<TMarker> : ServiceNode<TMarker>
    where TMarker : class
{
    private LoopbackNode(string root, IReadOnlyDictionary<string, string?> settings)
        : base(settings, time: null) => Root = root;

    public override string Root { get; }

    public static LoopbackNode<TMarker> Start(string root, IReadOnlyDictionary<string, string?> settings)
    {
        var node = new LoopbackNode<TMarker>(root, settings);
        node.Listen();
        return node;
    }
}
