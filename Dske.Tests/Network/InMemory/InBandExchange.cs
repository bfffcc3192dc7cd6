using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Tests.Network.InMemory;

/// <summary>One in-band message on its way to a hub, and what came back.</summary>
internal sealed class InBandExchange(NodeName client, InMemoryHub hub, OutgoingRequest request)
{
    public NodeName Client => client;

    public InMemoryHub Hub => hub;

    public OutgoingRequest Request => request;

    /// <summary>What the hub answered, before any fault; null while it did not.</summary>
    public HubResponse? Answered { get; set; }

    /// <summary>What the client got, after all faults; null when nothing, or not yet.</summary>
    public HubResponse? Received { get; set; }

    /// <summary>Whether the client gave up waiting.</summary>
    public bool Abandoned { get; set; }

    /// <summary>Whether it is a sync rather than about a share.</summary>
    public bool IsSync => request.Resource == OutgoingRequest.Sync;

    /// <summary>Whether the answer is to be bound to the request.</summary>
    public bool IsBound => IsSync || (request.IsPost ? request.Query == KeyShareQuery.BindParameter : ReadGet().Bind);

    /// <summary>The key that the message is about.</summary>
    public Guid KeyId => IsSync ? Guid.Empty : request.IsPost ? ReadPost().UserKeyId : ReadGet().KeyId;

    public PostKeyShareRequest ReadPost()
        => MessageJson.TryRead<PostKeyShareRequest>(request.Body.Span, Dialect.Guide, out var message)
            || MessageJson.TryRead(request.Body.Span, Dialect.Reference, out message)
            ? message
            : throw new InvalidOperationException("The client sent a body that nobody can read.");

    public KeyShareQuery ReadGet()
        => KeyShareQuery.TryParse(request.Query, out var message) ? message : throw new InvalidOperationException("The client sent a query that nobody can read.");

    /// <inheritdoc />
    public override string ToString()
        => $"{client}→{hub.Name} {(IsSync ? "sync" : $"{(request.IsPost ? "POST" : "GET")} {KeyId}")}: {Answered?.Status}, received {Received?.Status}{(Abandoned ? ", abandoned" : "")}";
}
