using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Benchmarks.Hubs;

/// <summary>A client's end of a link to a hub in this process, with one large block for each pool: it prepares messages ahead of what is measured.</summary>
internal sealed class LinkedClient : IDisposable
{
    private readonly InMemoryPsrdStore _store = new();
    private readonly NodeName _name;

    private LinkedClient(HubEngine hub, NodeName name)
    {
        _name = name;
        Session = new LinkSession(
            hub.Instance,
            Dialect.Guide,
            new LocalPool(_store, new PsrdPoolKey(hub.Name, PoolOwner.Client), keepsReserve: true),
            new PeerPool(_store, new PsrdPoolKey(hub.Name, PoolOwner.Hub)));
    }

    /// <summary>The link.</summary>
    public LinkSession Session { get; }

    /// <summary>Registers a client, fetches its blocks, and agrees with the hub on them.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="encryptor">Its encryptor.</param>
    /// <param name="blockSize">The size of each block, in bytes.</param>
    /// <exception cref="InvalidOperationException">The hub refuses.</exception>
    public static LinkedClient Enrol(HubEngine hub, string name, string encryptor, int blockSize)
    {
        var client = new LinkedClient(hub, NodeName.Parse(name));
        var registration = hub.Register(
            new RegistrationRequest { ClientName = name, EncryptorNames = [encryptor] }, SystemEntropySource.Instance.NextUuid(), networkHash: null, isProven: true);
        Require(registration.Error is null, "register");
        client.Fetch(hub, PoolOwner.Client, blockSize);
        client.Fetch(hub, PoolOwner.Hub, blockSize);
        Require(client.Session.TryPrepareSync(client._name, registration.Statement!.Turn, out var sync) == PsrdOutcome.Ok, "prepare a sync");
        var answer = hub.Sync(sync!.Query, hasBody: false, sync.Signature);
        var reply = client.Session.ReadSync(sync, new HubResponse(answer.Status, answer.Body, answer.Signature), TimeProvider.System);
        Require(reply.Kind == HubAnswerKind.Accepted, "sync");
        return client;
    }

    /// <summary>A message that hands a share to the hub.</summary>
    /// <exception cref="InvalidOperationException">There is no PSRD left.</exception>
    public OutgoingRequest PreparePost(Guid keyId, string master, string slave, int shareSize)
    {
        using var share = new Share(0, new SecretBytes(shareSize));
        Require(Session.TryPreparePost(Describe(keyId, master, slave), share, out var request) == PsrdOutcome.Ok, "prepare a share");
        return request!;
    }

    /// <summary>A message that fetches a share from the hub.</summary>
    /// <exception cref="InvalidOperationException">There is no PSRD left.</exception>
    public OutgoingRequest PrepareGet(Guid keyId, string master, string slave)
    {
        Require(Session.TryPrepareGet(Describe(keyId, master, slave), out var request) == PsrdOutcome.Ok, "ask for a share");
        return request!;
    }

    public void Dispose()
    {
        Session.Dispose();
        _store.Dispose();
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The client could not {what}: nothing is measured.");
        }
    }

    private KeyDescription Describe(Guid keyId, string master, string slave) => new(_name, keyId, SaeId.Parse(master), SaeId.Parse(slave));

    private void Fetch(HubEngine hub, PoolOwner owner, int blockSize)
    {
        using var block = hub.IssuePsrd(_name.Value, owner, blockSize, out var error);
        Require(error is null, "fetch PSRD");
        Require(
            owner == PoolOwner.Client
                ? Session.ClientOwned.TryAdd(block!.BlockUuid, block.Data.Span)
                : Session.HubOwned.TryAdd(block!.BlockUuid, block.Data.Span),
            "keep PSRD");
    }
}
