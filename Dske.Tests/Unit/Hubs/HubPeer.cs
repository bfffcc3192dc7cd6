using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Unit.Hubs;

/// <summary>A client's end of a link, by hand: says to a hub whatever a test wants, properly signed or not.</summary>
internal sealed class HubPeer : IDisposable
{
    public const int BlockSize = 16 * 1024;

    private static readonly SeededEntropySource Instances = new(4711);

    private readonly HubEngine _hub;
    private readonly InMemoryPsrdStore _store = new();

    /// <summary>Makes a client that is not registered yet.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="foreign">The dialect of another implementation; null for one of ours.</param>
    public HubPeer(HubEngine hub, string name, Dialect? foreign = null)
    {
        _hub = hub;
        Name = NodeName.Parse(name);
        Instance = Instances.NextUuid();
        Session = new LinkSession(
            foreign is null ? hub.Instance : null,
            foreign ?? Dialect.Guide,
            new LocalPool(_store, new PsrdPoolKey(hub.Name, PoolOwner.Client), keepsReserve: foreign is null),
            new PeerPool(_store, new PsrdPoolKey(hub.Name, PoolOwner.Hub)));
    }

    public NodeName Name { get; }

    public Guid Instance { get; set; }

    public LinkSession Session { get; }

    /// <summary>What the next sync has to name.</summary>
    public Guid Turn { get; set; }

    /// <summary>How the hub sees this client.</summary>
    public ClientStatus Status => _hub.GetClients().Single(client => client.Name == Name);

    /// <summary>Makes a client, registers it and fetches a block for each pool.</summary>
    public static HubPeer Enrol(HubEngine hub, string name, Dialect? foreign, params string[] encryptors)
    {
        var peer = new HubPeer(hub, name, foreign);
        Assert.Null(peer.Register(encryptors).Error);
        peer.Fetch(PoolOwner.Client);
        peer.Fetch(PoolOwner.Hub);
        return peer;
    }

    public RegistrationResult Register(params string[] encryptors)
    {
        var result = _hub.Register(
            new RegistrationRequest { ClientName = Name.Value, EncryptorNames = encryptors }, Session.IsNative ? Instance : null, null, isProven: true);
        Turn = result.Statement?.Turn ?? Turn;
        return result;
    }

    /// <summary>Fetches a block and, on a native link that has what it takes, agrees with the hub that both have it.</summary>
    public void Fetch(PoolOwner owner, int size = BlockSize)
    {
        FetchPending(owner, size);
        if (Session is { IsNative: true, HubOwned.BlockCount: > 0, ClientOwned.AvailableBytes: >= MessageMac.KeySize })
        {
            var reply = Sync();
            Assert.Equal((HubAnswerKind.Accepted, null), (reply.Kind, reply.Error));
        }
    }

    /// <summary>Fetches a block that waits for confirmation, unless it is the first one.</summary>
    public Guid FetchPending(PoolOwner owner, int size = BlockSize)
    {
        using var block = _hub.IssuePsrd(Name.Value, owner, size, out var error);
        Assert.Null(error);
        var isFirst = owner == PoolOwner.Client ? Session.ClientOwned.BlockCount == 0 : Session.HubOwned.BlockCount == 0;
        Assert.True(owner == PoolOwner.Client
            ? Session.ClientOwned.TryAdd(block!.BlockUuid, block.Data.Span, confirmed: !Session.IsNative || isFirst)
            : Session.HubOwned.TryAdd(block!.BlockUuid, block.Data.Span, confirmed: !Session.IsNative || isFirst));
        return block.BlockUuid;
    }

    /// <summary>A proper sync.</summary>
    public OutgoingRequest PrepareSync()
    {
        Assert.Equal(PsrdOutcome.Ok, Session.TryPrepareSync(Name, Turn, out var request));
        return request!;
    }

    /// <summary>Agrees with the hub on blocks and positions.</summary>
    public SyncReply Sync()
    {
        var request = PrepareSync();
        return ReadSync(request, _hub.Sync(request.Query, hasBody: false, request.Signature));
    }

    /// <summary>Checks the answer to a sync as a client does.</summary>
    public SyncReply ReadSync(OutgoingRequest request, HubAnswer answer)
    {
        var reply = Session.ReadSync(request, new HubResponse(answer.Status, answer.Body, answer.Signature), TimeProvider.System);
        Turn = reply.Statement?.Turn ?? Turn;
        return reply;
    }

    /// <summary>A proper request to store a share.</summary>
    public OutgoingRequest Post(Guid keyId, string slave = "serena", string master = "sam", int index = 0, byte[]? value = null, string? client = null)
    {
        using var share = new Share(index, SecretBytes.CopyOf(value ?? new byte[32]));
        Assert.Equal(PsrdOutcome.Ok, Session.TryPreparePost(Describe(keyId, master, slave, client), share, out var request));
        return request!;
    }

    /// <summary>A proper request for a share.</summary>
    public OutgoingRequest Get(Guid keyId, string master = "sam", string slave = "serena", string? client = null)
    {
        Assert.Equal(PsrdOutcome.Ok, Session.TryPrepareGet(Describe(keyId, master, slave, client), out var request));
        return request!;
    }

    /// <summary>A proper request to store the shares of several keys, or of one, for serena and for others.</summary>
    public OutgoingRequest PostAll(IReadOnlyList<Guid> keyIds, params string[] also)
    {
        var shares = keyIds.Select(_ => new Share(0, new SecretBytes(32))).ToList();
        Assert.Equal(PsrdOutcome.Ok, Session.TryPreparePost(Describe(keyIds, also), shares, out var request));
        shares.ForEach(share => share.Dispose());
        return request!;
    }

    /// <summary>A proper request for the shares of several keys of sam and serena.</summary>
    public OutgoingRequest GetAll(IReadOnlyList<Guid> keyIds)
    {
        Assert.Equal(PsrdOutcome.Ok, Session.TryPrepareGet(Describe(keyIds), out var request));
        return request!;
    }

    /// <summary>A proper question for the client of an encryptor.</summary>
    public OutgoingRequest Ask(string encryptor)
    {
        Assert.Equal(PsrdOutcome.Ok, Session.TryPrepareGet(new EncryptorsQuery { ClientName = Name.Value, SaeId = SaeId.Parse(encryptor) }, out var request));
        return request!;
    }

    /// <summary>Any request, with a signature that fits it.</summary>
    public OutgoingRequest Sign(bool isPost, string query, ReadOnlySpan<byte> body)
    {
        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        Assert.Equal(PsrdOutcome.Ok, Session.ClientOwned.TryAllocate(default, key, out _, out var allocation));
        return Sign(isPost, query, body, key, allocation!);
    }

    /// <summary>Any request, signed with the key and naming the allocation that the test wants.</summary>
    public OutgoingRequest Sign(bool isPost, string query, ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, Allocation allocation)
    {
        Span<byte> signature = stackalloc byte[MessageMac.Size];
        MessageMac.Sign(key, Encoding.UTF8.GetBytes(query), body, signature);
        return new OutgoingRequest(isPost, query, body.ToArray(), new SignatureHeader(Session.Dialect, allocation, signature).ToString())
        {
            KeyIds = KeyShareQuery.TryParse(query, out var get) ? [get.KeyId] : [],
        };
    }

    /// <summary>Hands a request to the hub.</summary>
    public Task<HubAnswer> SendAsync(OutgoingRequest request, CancellationToken? cancellationToken = null)
        => _hub.HandleAsync(request, cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Checks an answer as a client does.</summary>
    public HubReply Read(OutgoingRequest request, HubAnswer answer) => Session.Read(request, new HubResponse(answer.Status, answer.Body, answer.Signature));

    /// <summary>Sends a request and checks the answer.</summary>
    public async Task<HubReply> ExchangeAsync(OutgoingRequest request) => Read(request, await SendAsync(request));

    /// <summary>Fetches a share and asserts that it is there.</summary>
    public async Task<byte[]> FetchShareAsync(Guid keyId, string master = "sam", string slave = "serena")
    {
        var reply = await ExchangeAsync(Get(keyId, master, slave));
        Assert.Equal(HubAnswerKind.Accepted, reply.Kind);
        using var share = reply.Share!;
        return share.Value.Span.ToArray();
    }

    public void Dispose()
    {
        Session.Dispose();
        _store.Dispose();
    }

    private KeyDescription Describe(IReadOnlyList<Guid> keyIds, params string[] also)
        => new(Name, keyIds, SaeId.Parse("sam"), SaeId.Parse("serena"), [.. also.Select(SaeId.Parse)]);

    private KeyDescription Describe(Guid keyId, string master, string slave, string? client)
        => new(client is null ? Name : NodeName.Parse(client), keyId, SaeId.Parse(master), SaeId.Parse(slave));
}
