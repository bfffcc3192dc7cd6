using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Tests.Vectors;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Hubs;

/// <summary>A registered client that signs whatever it is told to, and the hub it talks to. One caller at a time.</summary>
internal sealed class HostileClient : IDisposable
{
    /// <summary>A key ID.</summary>
    public const string KeyId = "0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11";

    private const int BlockSize = 256 * 1024;

    private readonly InMemoryPsrdStore _hubsStore = new();
    private readonly InMemoryPsrdStore _clientsStore = new();
    private readonly LocalPool _clientOwned;

    public HostileClient()
    {
        var limits = new HubLimits { MaxHeldRequests = 0 };
        var name = NodeName.Parse("hank");
        Hub = new HubEngine(name, RecordedPsrd.Network, _hubsStore, new InMemoryHubStateStore(SystemEntropySource.Instance), SystemEntropySource.Instance, new FakeTimeProvider(), limits);
        Assert.Null(Hub.Register(new RegistrationRequest { ClientName = "carol", EncryptorNames = ["sam"] }, null, null).Error);
        Assert.Null(Hub.Register(new RegistrationRequest { ClientName = "celia", EncryptorNames = ["serena"] }, null, null).Error);
        using var clientOwned = Hub.IssuePsrd("carol", PoolOwner.Client, BlockSize, out _)!;
        using var hubOwned = Hub.IssuePsrd("carol", PoolOwner.Hub, BlockSize, out _)!;
        _clientOwned = new LocalPool(_clientsStore, new PsrdPoolKey(Hub.Name, PoolOwner.Client));
        Assert.True(_clientOwned.TryAdd(clientOwned.BlockUuid, clientOwned.Data.Span));
        ClientOwnedBlock = clientOwned.BlockUuid;
    }

    public HubEngine Hub { get; }

    /// <summary>The block that the client allocates from.</summary>
    public Guid ClientOwnedBlock { get; }

    /// <summary>Unused bytes of the client-owned pool, as the hub counts them.</summary>
    public long Unused => Hub.GetClients().Single(client => client.Name.Value == "carol").ClientOwned.Sum(block => block.UnusedBytes);

    /// <summary>Unused bytes of the hub-owned pool.</summary>
    public long UnusedOfHub => Hub.GetClients().Single(client => client.Name.Value == "carol").HubOwned.Sum(block => block.UnusedBytes);

    /// <summary>A good POST of a share.</summary>
    /// <param name="pad">The pad's fragments as JSON; those of a fresh allocation when null.</param>
    /// <param name="size">The size of the share, in bytes.</param>
    /// <param name="index">The share index, as JSON.</param>
    public string Post(string? pad = null, int size = 32, string index = "0")
    {
        var allocation = size == 0 ? new Allocation() : Spend(size).Named;
        pad ??= string.Join(',', allocation.Fragments.ToArray().Select(Json));
        return $$"""
            {"master_client_name":"carol","master_sae_id":"sam","slave_sae_id":"serena","user_key_id":"{{KeyId}}","share_index":{{index}},
            "encryption_key_allocation":{"fragments":[{{pad}}]},"encrypted_share_value":"{{Convert.ToBase64String(new byte[size])}}"}
            """;
    }

    /// <summary>A fragment as JSON.</summary>
    public static string Json(Fragment fragment) => $$"""{"block_uuid":"{{fragment.BlockId}}","start_byte":{{fragment.Start}},"size":{{fragment.Size}}}""";

    /// <summary>Allocates bytes.</summary>
    public (Allocation Named, byte[] Bytes) Spend(int size)
    {
        var bytes = new byte[size];
        Assert.Equal(PsrdOutcome.Ok, _clientOwned.TryAllocate(default, bytes, out _, out var named));
        return (named!, bytes);
    }

    /// <summary>Signs with a fresh key.</summary>
    public string Sign(string query, ReadOnlySpan<byte> body, Dialect dialect = Dialect.Guide)
    {
        var (named, key) = Spend(MessageMac.KeySize);
        Span<byte> signature = stackalloc byte[MessageMac.Size];
        MessageMac.Sign(key, Encoding.UTF8.GetBytes(query), body, signature);
        return new SignatureHeader(dialect, named, signature).ToString();
    }

    /// <summary>Sends a POST with a good signature.</summary>
    public HubAnswer SendPost(string body, string query = "", Dialect dialect = Dialect.Guide)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return Hub.PostKeyShare(query, bytes, Sign(query, bytes, dialect));
    }

    /// <summary>Sends a GET with a good signature.</summary>
    public HubAnswer SendGet(string query, bool hasBody = false)
    {
        // No request is held here, hence none waits.
        var answer = Hub.GetKeyShareAsync(query, hasBody, Sign(query, default), TestContext.Current.CancellationToken).AsTask();
        Assert.True(answer.IsCompletedSuccessfully);
        return answer.Result;
    }

    public void Dispose()
    {
        Hub.Dispose();
        _clientOwned.Dispose();
        _hubsStore.Dispose();
        _clientsStore.Dispose();
    }
}
