using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>A client finds out who has an encryptor, and believes no few hubs.</summary>
[Trait("Tier", "Unit")]
public sealed class EncryptorDirectoryTests
{
    [Theory]
    [InlineData("serena", SaeOwnerKind.Known, "celia")]
    [InlineData("celia", SaeOwnerKind.Known, "celia")]
    [InlineData("sam", SaeOwnerKind.Known, "carol")]
    [InlineData("nobody", SaeOwnerKind.Unknown, null)]
    public async Task The_client_of_an_encryptor_is_found(string sae, SaeOwnerKind kind, string? client)
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;

        Assert.Equal((kind, client), await FindAsync(carol, sae));
    }

    [Fact]
    public async Task Two_hubs_that_lie_change_nothing()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        network.Inject(Name("carol"), 0, 2);

        Assert.Equal((SaeOwnerKind.Known, "celia"), await FindAsync(carol, "serena"));
        Assert.Equal((SaeOwnerKind.Unknown, null), await FindAsync(carol, "nobody"));
    }

    [Fact]
    public async Task Two_hubs_that_are_down_change_nothing()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        network.Inject(Faults.Unreachable, 1, 4);

        Assert.Equal((SaeOwnerKind.Known, "celia"), await FindAsync(carol, "serena"));
        Assert.Equal((SaeOwnerKind.Unknown, null), await FindAsync(carol, "nobody"));
    }

    [Fact]
    public async Task Too_few_hubs_that_agree_decide_nothing()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        network.Inject(Name("carol"), 0, 2);
        network.Inject(Faults.Unreachable, 1);

        Assert.Equal((SaeOwnerKind.Undecided, null), await FindAsync(carol, "serena"));
        Assert.Equal((SaeOwnerKind.Undecided, null), await FindAsync(carol, "nobody"));
        Assert.Equal((SaeOwnerKind.Known, "carol"), await FindAsync(carol, "sam"));
    }

    [Fact]
    public async Task What_was_found_is_believed_for_half_a_minute_and_costs_no_psrd_until_then()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        await FindAsync(carol, "serena");
        var asked = Count(network);
        Assert.Equal(5, asked);

        await FindAsync(carol, "serena");
        await network.PassAsync(TimeSpan.FromSeconds(29));
        await FindAsync(carol, "serena");
        Assert.Equal(asked, Count(network));

        await network.PassAsync(TimeSpan.FromSeconds(2));
        await FindAsync(carol, "serena");
        Assert.Equal(2 * asked, Count(network));
    }

    [Fact]
    public async Task That_nobody_has_it_is_believed_for_a_second()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        Assert.Equal((SaeOwnerKind.Unknown, null), await FindAsync(carol, "sofia"));

        await network.StartClientAsync("conny", "sofia");
        await network.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((SaeOwnerKind.Known, "conny"), await FindAsync(carol, "sofia"));
        Assert.Equal((SaeOwnerKind.Known, "conny"), await FindAsync(celia, "sofia"));
    }

    [Fact]
    public async Task Many_who_ask_at_once_ask_once()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        network.Inject(Faults.Interleave, 0, 1, 2, 3, 4);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FindAsync(carol, "serena")));

        Assert.Equal(5, Count(network));
    }

    [Fact]
    public async Task An_answer_that_nobody_waited_for_gets_old_all_the_same()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        var gate = new Gate();
        network.Inject(Faults.HoldAnswer(gate), 0, 1, 2, 3, 4);
        using (var gone = new CancellationTokenSource())
        {
            var asking = carol.Engine.FindOwnerAsync(SaeId.Parse("serena"), gone.Token).AsTask();
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        gate.Open();
        await carol.UntilQuietAsync();
        network.Heal();
        await network.PassAsync(TimeSpan.FromSeconds(31));

        Assert.Equal((SaeOwnerKind.Known, "celia"), await FindAsync(carol, "serena"));
        Assert.Equal(10, Count(network));
        Assert.Equal((SaeOwnerKind.Known, "celia"), await FindAsync(celia, "serena"));
    }

    [Fact]
    public async Task Questions_are_asked_so_often_and_no_more()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync(new NetworkSettings { ClientLimits = new ClientLimits { MaxLookUpsPerSecond = 3, HubTimeout = TimeSpan.FromSeconds(4) } });
        await using var end = network;

        var kinds = new List<SaeOwnerKind>();
        for (var i = 0; i < 5; i++)
        {
            kinds.Add((await FindAsync(carol, $"nobody-{i}")).Kind);
        }

        Assert.Equal([SaeOwnerKind.Unknown, SaeOwnerKind.Unknown, SaeOwnerKind.Unknown, SaeOwnerKind.Undecided, SaeOwnerKind.Undecided], kinds);
        Assert.Equal(15, Count(network));
        network.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((SaeOwnerKind.Known, "celia"), await FindAsync(carol, "serena"));
    }

    [Fact]
    public async Task All_clients_are_listed_as_most_hubs_know_them()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        network.Inject(Name("mallory"), 0, 2);

        var clients = await carol.Engine.ListClientsAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["carol: sam", "celia: serena"], clients!.Select(client => $"{client.ClientName}: {string.Join(' ', client.EncryptorNames)}"));
        network.Inject(Faults.Unreachable, 1, 3, 4);
        await network.PassAsync(TimeSpan.FromSeconds(31));
        Assert.Null(await carol.Engine.ListClientsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Hubs_of_other_implementations_are_not_asked()
    {
        await using var network = new InMemoryNetwork();
        foreach (var hub in network.Hubs)
        {
            hub.IsForeign = true;
        }

        var carol = await network.StartClientAsync("carol", "sam");

        Assert.Equal((SaeOwnerKind.Undecided, null), await FindAsync(carol, "serena"));
        Assert.Equal(0, Count(network));
    }

    private static int Count(InMemoryNetwork network)
        => network.Hubs.Sum(hub => hub.Exchanges.Count(exchange => exchange.Request.Resource == OutgoingRequest.Encryptors));

    private static Fault Name(string client) => Faults.Lie(answer =>
    {
        var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        body["clients"] = new JsonArray(new JsonObject { ["client_name"] = client, ["encryptor_names"] = new JsonArray("serena", "nobody") });
        return answer with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    });

    private static async Task<(SaeOwnerKind Kind, string? Client)> FindAsync(InMemoryClient client, string sae)
    {
        var owner = await client.Engine.FindOwnerAsync(SaeId.Parse(sae), TestContext.Current.CancellationToken);
        return (owner.Kind, owner.Client?.Value);
    }
}
