using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

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
    public bool IsBound => request.Resource != OutgoingRequest.KeyShare
        || (request.IsPost ? SharePostQuery.TryParse(request.Query, out var query) && query.Bind : ReadGet().Bind);

    /// <summary>The key that the message is about, the first one of several; empty when it is about none.</summary>
    public Guid KeyId => KeyIds is [var first, ..] ? first : Guid.Empty;

    /// <summary>The keys that the message is about.</summary>
    public IReadOnlyList<Guid> KeyIds => request switch
    {
        { Resource: OutgoingRequest.KeyShares, IsPost: true } => [.. ReadPosts().Shares.Select(share => share.UserKeyId)],
        { Resource: OutgoingRequest.KeyShare, IsPost: true } => [ReadPost().UserKeyId],
        { Resource: OutgoingRequest.KeyShare } => [ReadGet().KeyId],
        _ => request.KeyIds,
    };

    /// <summary>Of these, those that the hub handed out a share of.</summary>
    public IReadOnlyList<Guid> HandedOut => request.IsPost || Answered is not { Status: 200 } ? []
        : request.Resource != OutgoingRequest.KeyShares ? KeyIds
        : MessageJson.TryRead<GetKeySharesAnswer>(Answered.Body.Span, Dialect.Guide, out var answer)
            ? [.. answer.Shares.Where(share => share.Error is null).Select(share => share.UserKeyId)]
        : throw new InvalidOperationException("The hub sent a body that nobody can read.");

    /// <summary>From whom a key is that is handed in, and for whom.</summary>
    public (string Master, string Slave) ReadPair() => request switch
    {
        { Resource: OutgoingRequest.KeyShares, IsPost: true } => (ReadPosts().MasterSaeId, ReadPosts().SlaveSaeId),
        { IsPost: true } => (ReadPost().MasterSaeId, ReadPost().SlaveSaeId),
        { Resource: OutgoingRequest.KeyShares } when KeySharesQuery.TryParse(request.Query, out var query) => (query.MasterSaeId, query.SlaveSaeId),
        _ => (ReadGet().MasterSaeId, ReadGet().SlaveSaeId),
    };

    /// <summary>The pad that a request names; null when it has none.</summary>
    public Allocation? Pad => !request.IsPost ? null
        : request.Resource == OutgoingRequest.KeyShares ? ReadPosts().EncryptionKeyAllocation
        : ReadPost().EncryptionKeyAllocation;

    public PostKeySharesRequest ReadPosts()
        => MessageJson.TryRead<PostKeySharesRequest>(request.Body.Span, Dialect.Guide, out var message)
            ? message
            : throw new InvalidOperationException("The client sent a body that nobody can read.");

    public PostKeyShareRequest ReadPost()
        => MessageJson.TryRead<PostKeyShareRequest>(request.Body.Span, Dialect.Guide, out var message)
            || MessageJson.TryRead(request.Body.Span, Dialect.Reference, out message)
            ? message
            : throw new InvalidOperationException("The client sent a body that nobody can read.");

    public KeyShareQuery ReadGet()
        => KeyShareQuery.TryParse(request.Query, out var message) ? message : throw new InvalidOperationException("The client sent a query that nobody can read.");

    /// <inheritdoc />
    public override string ToString()
        => $"{client}→{hub.Name} {(request.IsPost ? "POST" : "GET")} {request.Resource} {KeyId}: {Answered?.Status}, received {Received?.Status}{(Abandoned ? ", abandoned" : "")}";
}
