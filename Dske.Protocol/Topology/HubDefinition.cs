using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Topology;

/// <summary>One hub of a topology.</summary>
public sealed record HubDefinition
{
    /// <summary>The hub's name, unique among all nodes.</summary>
    public required NodeName Name { get; init; }

    /// <summary>
    /// Where a hub run by someone else is found, as written in the file, the path of the node included
    /// (<c>http://198.51.100.7:8100/hub/hank</c>); null for a hub that runs here.
    /// </summary>
    public Uri? Url { get; init; }

    /// <summary>
    /// How a hub of another make speaks; only beside a <see cref="Url"/>. Null leaves it to the client, which takes a hub that
    /// is not of ours to speak <see cref="Messages.Dialect.Reference"/>.
    /// </summary>
    public Dialect? Dialect { get; init; }

    /// <summary>Whether the hub is one that we start, rather than someone else's.</summary>
    public bool RunsHere => Url is null;
}
