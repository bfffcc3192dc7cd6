using System.Diagnostics;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Single keys that are asked for at once: few messages, and every encryptor gets what it would have got alone.</summary>
[Trait("Tier", "Unit")]
public sealed class GatheredKeysTests
{
    private const int Number = 20;

    [Fact]
    public async Task Keys_asked_for_at_once_are_few_messages_in_either_direction()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;

        var made = await WhileHeldAsync(network, carol, () => carol.EstablishAsync("serena"), _ => true);
        var keys = made.ConvertAll(EstablishedKey.Of);
        Assert.Equal(Number, keys.DistinctBy(key => Convert.ToHexString(key.Bytes)).Count());
        var ids = new Queue<Guid>(keys.Select(key => key.Id));
        var fetched = await WhileHeldAsync(network, celia, () => celia.FetchAsync("sam", [ids.Dequeue()]), _ => true);

        Assert.Equal(keys.Select(key => (key.Id, Convert.ToHexString(key.Bytes))), fetched.Select(result => EstablishedKey.Of(result)).Select(key => (key.Id, Convert.ToHexString(key.Bytes))));
        Assert.All(network.Hubs, hub => Assert.Equal(
            [(false, 1), (false, 1), (false, Number - 2), (true, 1), (true, 1), (true, Number - 2)],
            hub.Exchanges.Select(exchange => (exchange.Request.IsPost, exchange.KeyIds.Count)).Order()));
    }

    [Fact]
    public async Task A_key_that_nobody_made_is_refused_and_those_that_went_with_it_are_not()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var keys = new List<EstablishedKey>();
        while (keys.Count < Number - 1)
        {
            keys.Add(await carol.EstablishKeyAsync("serena"));
        }

        var ids = new Queue<Guid>([.. keys.Select(key => key.Id), network.Entropy.NextUuid()]);
        var fetched = await WhileHeldAsync(network, celia, () => celia.FetchAsync("sam", [ids.Dequeue()]), exchange => !exchange.Request.IsPost);

        Assert.Equal(keys.Select(key => Convert.ToHexString(key.Bytes)), fetched.Take(Number - 1).Select(result => Convert.ToHexString(EstablishedKey.Of(result).Bytes)));
        Assert.Equal(KeyOutcome.NotFound, fetched[^1].Outcome);
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [keys[3].Id])).Outcome);
    }

    [Fact]
    public async Task Where_one_message_for_all_comes_to_nothing_each_goes_alone()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        network.Inject((exchange, deliver, _) => exchange.KeyIds.Count > 1 ? Task.FromResult<HubResponse?>(null) : deliver(), 0, 1, 2, 3, 4);

        var made = await WhileHeldAsync(network, carol, () => carol.EstablishAsync("serena"), _ => true);

        Assert.Equal(Number, made.ConvertAll(EstablishedKey.Of).DistinctBy(key => key.Id).Count());
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_others_their_keys()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        using var leaving = new CancellationTokenSource();
        var (sam, serena) = (SaeId.Parse("sam"), SaeId.Parse("serena"));
        var gate = new Gate();
        network.Inject(Faults.HoldMessage(gate), 0, 1, 2, 3, 4);
        var first = Enumerable.Range(0, 2).Select(_ => carol.EstablishAsync("serena")).ToList();
        await gate.UntilWaitingAsync(2 * network.Hubs.Count);
        var left = carol.Engine.EstablishAsync(sam, serena, 1, 32, leaving.Token);
        var stays = carol.EstablishAsync("serena");
        await Eventually.TrueAsync(() => carol.Engine.GatheredRequests == 2, "both wait");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.Open();

        Assert.Equal(3, (await Task.WhenAll([.. first, stays])).Select(EstablishedKey.Of).DistinctBy(key => key.Id).Count());
    }

    [Fact]
    public async Task A_request_whose_trace_is_kept_has_messages_of_its_own()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        using var kept = new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded, IsAllDataRequested = true }.Start();

        var made = await WhileHeldAsync(network, carol, () => carol.EstablishAsync("serena"), _ => true, isGathered: false);

        Assert.All(made, result => EstablishedKey.Of(result));
        Assert.All(network.Hubs, hub => Assert.All(hub.Exchanges, exchange => Assert.Single(exchange.KeyIds)));
    }

    // Asks for all while the first messages are held: those that are asked for after them wait, and go together once the first are done.
    private static async Task<List<KeyResult>> WhileHeldAsync(
        InMemoryNetwork network, InMemoryClient client, Func<Task<KeyResult>> ask, Func<InBandExchange, bool> isHeld, bool isGathered = true)
    {
        var gate = new Gate();
        var isOpen = false;
        network.Inject(
            (exchange, deliver, token) => !Volatile.Read(ref isOpen) && isHeld(exchange) ? Faults.HoldMessage(gate)(exchange, deliver, token) : deliver(), 0, 1, 2, 3, 4);
        var asked = Enumerable.Range(0, Number).Select(_ => ask()).ToList();
        await gate.UntilWaitingAsync(network.Hubs.Count * (isGathered ? 2 : Number));
        await Eventually.TrueAsync(() => client.Engine.GatheredRequests == (isGathered ? Number - 2 : 0), "all others wait");
        Volatile.Write(ref isOpen, true);
        gate.Open();
        return [.. await network.RunAsync(Task.WhenAll(asked))];
    }
}
