using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Fuzzing;

/// <summary>A way to hubs on which answers get changed, out of band, where nobody signs anything, and in band.</summary>
/// <param name="hubs">The way to the hubs.</param>
internal sealed class GarblingTransport(IHubTransport hubs) : IHubTransport
{
    private readonly Lock _lock = new();

    /// <summary>The round that changes them; null for none.</summary>
    public FuzzRound? Round { get; set; }

    public async Task<HubResponse?> SendAsync(NodeName hub, OutgoingRequest request, CancellationToken cancellationToken)
    {
        var response = await hubs.SendAsync(hub, request, cancellationToken);
        return response is null ? null : Change(response, (round, good) => round.Random.Next(3) switch
        {
            0 => good with { Body = round.Mutate("body", good.Body.ToArray(), []) },
            1 => good with { Signature = good.Signature is null ? null : round.MutateText("signature", good.Signature, request.Signature) },
            _ => good with { Signature = null, Status = 400 + round.Random.Next(110), Body = round.Mutate("error", "{\"type\":\"urn:dske:error:psrd-unknown-block\",\"title\":null,\"status\":400}"u8.ToArray(), []) },
        });
    }

    public async Task<LinkTurn?> AskTurnAsync(NodeName hub, LinkTurnQuery query, CancellationToken cancellationToken)
    {
        var turn = await hubs.AskTurnAsync(hub, query, cancellationToken);
        return turn is null ? null : Change(turn, (round, good) =>
            MessageJson.TryRead<LinkTurn>(round.Mutate("turn", MessageJson.Write(good, Dialect.Guide), []), Dialect.Guide, out var changed) ? changed : null);
    }

    public async Task<RegistrationReply?> RegisterAsync(
        NodeName hub, RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken)
    {
        var reply = await hubs.RegisterAsync(hub, request, instance, networkHash, startOver, cancellationToken);
        return reply is null ? null : Change(reply, (round, good) =>
        {
            var body = round.Mutate("registration", MessageJson.Write(new RegistrationAnswer { HubName = hub.Value, Link = good.Statement }, Dialect.Guide), []);
            return !MessageJson.TryRead<RegistrationAnswer>(body, Dialect.Guide, out var answer) ? null : new RegistrationReply(
                round.OneIn(8) ? null : round.OneIn(8) ? Guid.Empty : good.Instance,
                round.OneIn(4) ? round.MutateText("network", good.NetworkHash!) : good.NetworkHash,
                round.OneIn(4) != good.PoolsReplaced,
                answer.Link);
        });
    }

    public async Task<PsrdAnswer?> FetchPsrdAsync(NodeName hub, NodeName client, PoolOwner owner, int size, Dialect dialect, CancellationToken cancellationToken)
    {
        var block = await hubs.FetchPsrdAsync(hub, client, owner, size, dialect, cancellationToken);
        return block is null ? null : Change(block, (round, good) =>
        {
            using (good)
            using (var text = new SecretBufferWriter(size * 2))
            {
                MessageJson.Write(good, Dialect.Guide, text);
                return MessageJson.TryRead<PsrdAnswer>(round.Mutate("block", text.WrittenSpan.ToArray(), []), Dialect.Guide, out var answer) ? answer : null;
            }
        });
    }

    /// <summary>Changes an answer, or lets it pass. One at a time: links run side by side, a round is one sequence.</summary>
    private T? Change<T>(T good, Func<FuzzRound, T, T?> change)
        where T : class
    {
        lock (_lock)
        {
            return Round is { } round && round.OneIn(2) ? change(round, good) : good;
        }
    }
}
