using System.Text;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Vectors;

/// <summary>
/// The clients of a capture: link sessions of ours, one for each client at each hub, that speak the reference's dialect and have the PSRD
/// that was handed out to them.
/// </summary>
internal sealed class RecordedClients : IDisposable
{
    private readonly InMemoryPsrdStore _store = new();
    private readonly Dictionary<(string Client, string Hub), LinkSession> _sessions = [];

    /// <summary>A client's session with a hub; one without PSRD when nothing was handed out.</summary>
    public LinkSession this[string client, string hub]
    {
        get
        {
            if (!_sessions.TryGetValue((client, hub), out var session))
            {
                var peer = NodeName.Parse($"{client}-{hub}");
                _sessions[(client, hub)] = session = new LinkSession(
                    hubInstance: null,
                    Dialect.Reference,
                    new LocalPool(_store, new PsrdPoolKey(peer, PoolOwner.Client)),
                    new PeerPool(_store, new PsrdPoolKey(peer, PoolOwner.Hub)));
            }

            return session;
        }
    }

    /// <summary>Adds the block that an exchange handed out.</summary>
    public void Add(WireVectors.Exchange exchange)
    {
        Assert.True(MessageJson.TryRead<PsrdAnswer>(Encoding.UTF8.GetBytes(exchange.Response.Body), Dialect.Reference, out var block));
        using (block)
        {
            var session = this[exchange.Sender, exchange.Receiver];
            Assert.True(exchange.Request.Query.Contains("pool_owner=client", StringComparison.Ordinal)
                ? session.ClientOwned.TryAdd(block.BlockUuid, block.Data.Span)
                : session.HubOwned.TryAdd(block.BlockUuid, block.Data.Span));
        }
    }

    /// <summary>Lets the session of an exchange read the response that was recorded.</summary>
    public HubReply ReadRecorded(WireVectors.Exchange exchange) => this[exchange.Sender, exchange.Receiver].Read(
        RequestOf(exchange),
        new HubResponse(exchange.Response.Status, Encoding.UTF8.GetBytes(exchange.Response.Body), exchange.Response.Signature));

    /// <summary>Lets the session of an exchange read what a hub of ours answered.</summary>
    public HubReply Read(WireVectors.Exchange exchange, HubAnswer answer)
        => this[exchange.Sender, exchange.Receiver].Read(RequestOf(exchange), new HubResponse(answer.Status, answer.Body, answer.Signature));

    public void Dispose()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }

        _store.Dispose();
    }

    /// <summary>A recorded request as a session would have sent it.</summary>
    private static OutgoingRequest RequestOf(WireVectors.Exchange exchange) => new(
        exchange.Request.Method == "POST",
        exchange.Request.Query,
        Encoding.UTF8.GetBytes(exchange.Request.Body),
        exchange.Request.Signature ?? string.Empty)
    {
        KeyIds = KeyShareQuery.TryParse(exchange.Request.Query, out var get) ? [get.KeyId] : [Guid.Empty],
    };
}
