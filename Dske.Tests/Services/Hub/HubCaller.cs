using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Hub.Hosting;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Hub;

/// <summary>A client's end of a link, by hand and over HTTP.</summary>
internal sealed class HubCaller : IDisposable
{
    private static readonly UriCreationOptions AsSigned = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly ServiceNode<HubOptions> _hub;
    private readonly InMemoryPsrdStore _store = new();
    private readonly List<byte[]> _secrets = [];

    private HubCaller(ServiceNode<HubOptions> hub, string name, Guid hubInstance)
    {
        _hub = hub;
        Name = NodeName.Parse(name);
        var engine = hub.Services.GetRequiredService<HubEngine>();
        Session = new LinkSession(
            hubInstance,
            Dialect.Guide,
            new LocalPool(_store, new PsrdPoolKey(engine.Name, PoolOwner.Client)),
            new PeerPool(_store, new PsrdPoolKey(engine.Name, PoolOwner.Hub)));
    }

    public NodeName Name { get; }

    public LinkSession Session { get; }

    /// <summary>What the next sync has to name.</summary>
    public Guid Turn { get; private set; }

    /// <summary>Everything secret that went over the wire in the clear: what must not show anywhere else.</summary>
    public IReadOnlyList<byte[]> Secrets => _secrets;

    /// <summary>Registers a client and fetches a block for each pool.</summary>
    public static Task<HubCaller> EnrolAsync(ServiceNode<HubOptions> hub, string name, params string[] encryptors) => EnrolAsync(hub, name, 16 * 1024, encryptors);

    /// <summary>Registers a client and fetches a block of a certain size for each pool.</summary>
    public static async Task<HubCaller> EnrolAsync(ServiceNode<HubOptions> hub, string name, int blockSize, params string[] encryptors)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{hub.Root}/dske/oob/v1/registration");
        request.Headers.Add(DskeHeaders.Instance, SystemEntropySource.Instance.NextUuid().ToString());
        request.Headers.Add(DskeHeaders.Network, hub.Services.GetRequiredService<HubEngine>().NetworkHash);
        request.Content = JsonContent.Create(new { client_name = name, encryptor_names = encryptors });
        using var response = await hub.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        var caller = new HubCaller(hub, name, Guid.Parse(Assert.Single(response.Headers.GetValues(DskeHeaders.Instance))));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        caller.Turn = answer.GetProperty("link").GetProperty("turn").GetGuid();
        await caller.FetchAsync("client", blockSize);
        await caller.FetchAsync("hub", blockSize);
        return caller;
    }

    public async Task FetchAsync(string owner, int size = 16 * 1024)
    {
        var block = await _hub.Client.GetFromJsonAsync<JsonElement>(
            $"{_hub.Root}/dske/oob/v1/psrd?client_name={Name}&owner={owner}&size={size}", TestContext.Current.CancellationToken);
        var data = block.GetProperty("data").GetBytesFromBase64();
        _secrets.Add(data);
        Assert.Equal(size, data.Length);
        var (id, count) = (block.GetProperty("block_uuid").GetGuid(), owner == "client" ? Session.ClientOwned.BlockCount : Session.HubOwned.BlockCount);
        Assert.True(owner == "client"
            ? Session.ClientOwned.TryAdd(id, data, confirmed: count == 0)
            : Session.HubOwned.TryAdd(id, data, confirmed: count == 0));
    }

    /// <summary>A proper sync.</summary>
    public OutgoingRequest PrepareSync()
    {
        Assert.Equal(PsrdOutcome.Ok, Session.TryPrepareSync(Name, Turn, out var request));
        return request!;
    }

    /// <summary>Agrees with the hub on blocks and positions.</summary>
    public async Task<SyncReply> SyncAsync()
    {
        var request = PrepareSync();
        var reply = Session.ReadSync(request, await SendAsync(request), TimeProvider.System);
        Turn = reply.Statement?.Turn ?? Turn;
        return reply;
    }

    /// <summary>A proper request to store a share.</summary>
    public OutgoingRequest Post(Guid keyId, string master, string slave, byte[] value)
    {
        _secrets.Add(value);
        using var share = new Share(0, SecretBytes.CopyOf(value));
        Assert.Equal(PsrdOutcome.Ok, Session.TryPreparePost(new KeyDescription(Name, keyId, SaeId.Parse(master), SaeId.Parse(slave)), share, out var request));
        return request!;
    }

    /// <summary>A proper request for a share.</summary>
    public OutgoingRequest Get(Guid keyId, string master, string slave)
    {
        Assert.Equal(PsrdOutcome.Ok, Session.TryPrepareGet(new KeyDescription(Name, keyId, SaeId.Parse(master), SaeId.Parse(slave)), out var request));
        return request!;
    }

    /// <summary>Sends a request as it is.</summary>
    public async Task<HubResponse> SendAsync(OutgoingRequest request)
    {
        var query = request.Query.Length == 0 ? string.Empty : "?" + request.Query;
        var url = new Uri($"{_hub.Url.GetLeftPart(UriPartial.Authority)}{_hub.Root}/dske/api/v1/{request.Resource}{query}", AsSigned);
        using var message = new HttpRequestMessage(request.IsPost ? HttpMethod.Post : HttpMethod.Get, url);
        message.Headers.TryAddWithoutValidation(SignatureHeader.Name, request.Signature);
        if (request.IsPost)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var response = await _hub.Client.SendAsync(message, TestContext.Current.CancellationToken);
        return new HubResponse(
            (int)response.StatusCode,
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            response.Headers.TryGetValues(SignatureHeader.Name, out var signatures) ? signatures.Single() : null);
    }

    /// <summary>Sends a request and checks the answer.</summary>
    public async Task<HubReply> ExchangeAsync(OutgoingRequest request) => Session.Read(request, await SendAsync(request));

    public void Dispose()
    {
        Session.Dispose();
        _store.Dispose();
    }
}
