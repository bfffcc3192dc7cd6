using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <summary>Does to messages what the model says: lets hubs lie, and puts the weather before them.</summary>
/// <remarks>Safe for concurrent use, as long as nothing runs while the model changes.</remarks>
internal sealed class Interference
{
    private readonly NetworkModel _model;
    private readonly ConcurrentDictionary<(int Hub, Guid KeyId), bool> _spoiled = new();

    /// <summary>Stands before all hubs of a network, from now on.</summary>
    public Interference(InMemoryNetwork network, NetworkModel model)
    {
        _model = model;
        foreach (var hub in network.Hubs)
        {
            hub.Inject(PassAsync, LieAsync);
            hub.InjectIntoSyncs(PassAsync);
        }

        network.IsUpkeepHeld = (client, hub) => model.LinkOf(client, hub).Weather is { HeldSyncs: > 0 };
    }

    /// <summary>Whether a hub handed out a wrong share of a key.</summary>
    public bool IsSpoiled(int hub, Guid keyId) => _spoiled.ContainsKey((hub, keyId));

    private static Fault Refuse(DskeError error) => Faults.Lie(answer => answer.Status != 200 ? answer : answer with
    {
        Status = DskeErrors.GetStatus(error),
        Body = MessageJson.Write(
            new ErrorAnswer { Type = DskeErrors.GetProblemType(error), Title = DskeErrors.GetTitle(error), Status = DskeErrors.GetStatus(error) }, Dialect.Guide),
    });

    private Task<HubResponse?> PassAsync(InBandExchange exchange, Func<Task<HubResponse?>> deliver, CancellationToken cancellationToken)
        => _model.LinkOf(exchange.Client, exchange.Hub.Index).Weather is { } weather ? weather.PassAsync(exchange, deliver, cancellationToken) : deliver();

    private Task<HubResponse?> LieAsync(InBandExchange exchange, Func<Task<HubResponse?>> deliver, CancellationToken cancellationToken)
    {
        var lie = _model.Hubs[exchange.Hub.Index].Lie;
        if (lie is Lie.WrongShare or Lie.WrongIndex && !exchange.Request.IsPost)
        {
            foreach (var keyId in exchange.KeyIds)
            {
                _spoiled[(exchange.Hub.Index, keyId)] = true;
            }
        }

        return (lie switch
        {
            Lie.WrongShare => Faults.SpoilShares,
            Lie.WrongIndex => Faults.OnGet(Faults.Lie(answer => answer.Status == 200 ? WithIndex(answer, (exchange.Hub.Index + 1) % _model.Hubs.Count) : answer)),
            Lie.DeniesShare => Faults.OnGet(Refuse(DskeError.ShareUnknown)),
            Lie.DeniesSae => Faults.OnPost(Refuse(DskeError.SlaveSaeUnknown)),
            _ => (Fault)((_, next, _) => next()),
        })(exchange, deliver, cancellationToken);
    }

    private static HubResponse WithIndex(HubResponse answer, int index)
    {
        var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        foreach (var share in Faults.SharesIn(body))
        {
            share["share_index"] = index;
        }

        return answer with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    }
}
