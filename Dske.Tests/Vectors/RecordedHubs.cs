using System.Text;
using Dske.Hub.Endpoints;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Vectors;

/// <summary>
/// The hubs of a capture: engines of ours that are asked what the reference's hubs were asked, and that hand out the PSRD that those
/// handed out.
/// </summary>
internal sealed class RecordedHubs : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, (HubEngine Engine, InMemoryPsrdStore Store, RecordedEntropySource Entropy)> _hubs;
    private readonly IReadOnlyDictionary<string, string> _furtherEncryptors;

    /// <summary>Starts the hubs, empty.</summary>
    /// <param name="capture">The capture to replay.</param>
    /// <param name="furtherEncryptors">By client, an encryptor that it registers on top of what was recorded.</param>
    public RecordedHubs(WireVectors.Capture capture, IReadOnlyDictionary<string, string> furtherEncryptors)
    {
        _furtherEncryptors = furtherEncryptors;
        _hubs = RecordedPsrd.Network.HubNames.ToDictionary(name => name.Value, name =>
        {
            var store = new InMemoryPsrdStore(_time);
            var entropy = new RecordedEntropySource([.. DrawsOf(capture, name.Value)]);
            var limits = new HubLimits { MaxHeldRequests = 0 };
            return (new HubEngine(name, RecordedPsrd.Network, store, new InMemoryHubStateStore(SystemEntropySource.Instance), entropy, _time, limits), store, entropy);
        });
    }

    /// <summary>The engine of a hub.</summary>
    public HubEngine this[string hub] => _hubs[hub].Engine;

    /// <summary>Whether all recorded PSRD was handed out.</summary>
    public bool HaveIssuedEverything => _hubs.Values.All(hub => hub.Entropy.IsUsedUp);

    /// <summary>Unused bytes of a link: what the client allocates from, what the hub allocates from. Zero for unknown clients.</summary>
    public (long ClientOwned, long HubOwned) Unused(string hub, string client)
    {
        var status = _hubs[hub].Engine.GetClients().SingleOrDefault(status => status.Name.Value == client);
        return (status?.ClientOwned.Sum(block => block.UnusedBytes) ?? 0, status?.HubOwned.Sum(block => block.UnusedBytes) ?? 0);
    }

    /// <summary>Asks what was asked in-band.</summary>
    public async Task<HubAnswer> AskAsync(WireVectors.Exchange exchange)
    {
        var (hub, request) = (_hubs[exchange.Receiver].Engine, exchange.Request);
        Assert.Equal($"/hub/{exchange.Receiver}/dske/api/v1/key-share", request.Path);
        return request.Method == "POST"
            ? await hub.PostKeyShareAsync(request.Query, Encoding.UTF8.GetBytes(request.Body), request.Signature)
            : await hub.GetKeyShareAsync(request.Query, request.Body.Length > 0, request.Signature, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks what was asked out of band.</summary>
    /// <returns>Why it was refused, or null and the answer's body as the reference would have sent it.</returns>
    public (DskeError? Error, string Body) AskOutOfBand(WireVectors.Exchange exchange)
    {
        var hub = _hubs[exchange.Receiver].Engine;
        return exchange.Request.Method == "PUT" ? Register(hub, exchange) : IssuePsrd(hub, exchange);
    }

    public void Dispose()
    {
        foreach (var (engine, store, _) in _hubs.Values)
        {
            engine.Dispose();
            store.Dispose();
        }
    }

    private (DskeError? Error, string Body) Register(HubEngine hub, WireVectors.Exchange exchange)
    {
        if (!MessageJson.TryRead<RegistrationRequest>(Encoding.UTF8.GetBytes(exchange.Request.Body), Dialect.Reference, out var request))
        {
            return (DskeError.MalformedMessage, string.Empty);
        }

        if (_furtherEncryptors.TryGetValue(request.ClientName, out var encryptor))
        {
            request = request with { EncryptorNames = [.. request.EncryptorNames, encryptor] };
        }

        var result = hub.Register(request, instance: null, networkHash: null);
        Assert.False(result.NetworkMismatch);
        return (result.Error, Write(new RegistrationAnswer { HubName = hub.Name.Value }));
    }

    private static (DskeError? Error, string Body) IssuePsrd(HubEngine hub, WireVectors.Exchange exchange)
    {
        var query = exchange.Request.Query.Split('&').ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=')[1]);
        if (!PsrdApi.TryParseOwner(query.GetValueOrDefault("owner"), query.GetValueOrDefault("pool_owner"), out var owner))
        {
            return (DskeError.MalformedMessage, string.Empty);
        }

        using var block = hub.IssuePsrd(query["client_name"], owner, long.Parse(query["size"], null), out var error);
        return (error, block is null ? string.Empty : Write(block));
    }

    private static IEnumerable<byte[]> DrawsOf(WireVectors.Capture capture, string hub)
    {
        foreach (var block in capture.PsrdBlocks.Where(block => block.Hub == hub))
        {
            yield return block.BlockUuid.ToByteArray(bigEndian: true);
            yield return Convert.FromBase64String(block.DataBase64);
        }
    }

    private static string Write<T>(T message)
        where T : class => Encoding.UTF8.GetString(MessageJson.Write(message, Dialect.Reference));
}
