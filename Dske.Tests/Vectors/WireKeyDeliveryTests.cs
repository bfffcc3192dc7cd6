using System.Text;
using System.Text.Json;
using Dske.Protocol;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Management;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Vectors;

/// <summary>
/// What encryptors and operators were answered in <c>wire.json</c>: how far our clients speak the same, and where they have to differ.
/// </summary>
[Trait("Tier", "Vectors")]
public sealed class WireKeyDeliveryTests
{
    // Refused by the reference's clients, and who refuses it here: the engine of a client, or what stands before it and reads the request.
    private static readonly Dictionary<string, bool> RefusedByTheEngine = new()
    {
        ["enc_keys without Authorization at a client with two encryptors"] = false,
        ["enc_keys with an Authorization that is no encryptor of carol"] = true,
        ["enc_keys with size=100"] = false,
        ["enc_keys with size=24"] = true,
        ["enc_keys with size=16777224"] = true,
        ["enc_keys with size=0"] = true,
        ["enc_keys with size=-8"] = true,
        ["enc_keys with size=abc"] = false,
        ["enc_keys with size=8"] = true,
        ["dec_keys with a key ID nobody knows"] = false,
        ["dec_keys with a key ID that is no UUID"] = false,
        ["dec_keys without key_ID"] = false,
        ["unknown path"] = false,
    };

    [Fact]
    public void A_key_is_the_same_at_both_encryptors_and_the_one_that_its_shares_rebuild()
    {
        var keys = new Dictionary<Guid, byte[]>();
        var counts = (Made: 0, Fetched: 0);
        foreach (var capture in WireVectors.All.Captures)
        {
            foreach (var step in capture.Steps)
            {
                foreach (var exchange in step.Exchanges.Where(
                    exchange => exchange is { Response.Status: 200, Kind: "client GET enc_keys" or "client GET dec_keys" }))
                {
                    var isMade = exchange.Kind == "client GET enc_keys";
                    var (id, key) = isMade ? ReadMade(exchange.Response.Body) : ReadFetched(exchange.Response.Body);
                    counts = isMade ? (counts.Made + 1, counts.Fetched) : (counts.Made, counts.Fetched + 1);
                    Assert.Equal(isMade, keys.TryAdd(id, key));
                    Assert.Equal(keys[id], key);
                    Assert.Equal(capture.Name[0] == 'A', step.Result is not null);
                    Assert.Equal((id, Convert.ToHexString(key)), (step.Result?.KeyId ?? id, Convert.ToHexString(step.Result?.KeyHex ?? key)));
                }
            }
        }

        Assert.Equal((13, 13), counts);
    }

    [Fact]
    public async Task What_the_references_clients_refuse_is_refused_here_as_well()
    {
        var refused = WireVectors.Of('A').Exchanges
            .Where(exchange => exchange.Exchange.To.StartsWith("client ", StringComparison.Ordinal))
            .Where(exchange => exchange.Exchange.Response.Status >= 400).ToList();
        using var store = new InMemoryPsrdStore();
        var settings = new ClientSettings
        {
            Name = NodeName.Parse("carol"),
            Encryptors = [SaeId.Parse("sam")],
            Hubs = [.. RecordedPsrd.Network.HubNames.Select(hub => new HubSettings(hub))],
            Threshold = RecordedPsrd.Network.Threshold,
        };
        await using var carol = new ClientEngine(
            settings, store, new InMemoryClientStateStore(SystemEntropySource.Instance), new NoTransport(), SystemEntropySource.Instance, TimeProvider.System);

        Assert.Equal(RefusedByTheEngine.Keys.Order(), refused.Select(exchange => exchange.Step).Order());
        foreach (var (step, exchange) in refused.Where(exchange => RefusedByTheEngine[exchange.Step]))
        {
            Assert.Equal("carol", exchange.Receiver);
            var caller = SaeId.Parse(exchange.Request.Headers.Single(header => header.Name == "Authorization").Value);
            var size = exchange.Request.Query.Length == 0 ? KeySizes.DefaultBytes : int.Parse(exchange.Request.Query["size=".Length..], null) / 8;

            Assert.Equal(step != "enc_keys with an Authorization that is no encryptor of carol", carol.Owns(caller));
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => carol.EstablishAsync(caller, SaeId.Parse("sofia"), 1, size, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void The_references_status_is_not_that_of_the_standard()
    {
        var status = Assert.Single(WireVectors.Of('A').Exchanges, exchange => exchange.Exchange.Kind == "client GET status").Exchange;

        // Its members are in lower case throughout; those of ETSI GS QKD 014 say KME, SAE and ID.
        Assert.False(KeyDeliveryJson.TryRead(Encoding.UTF8.GetBytes(status.Response.Body), KeyDeliveryJson.Default.KmeStatus, out _));
        using var document = JsonDocument.Parse(status.Response.Body);
        Assert.Equal(KeySizes.MinBytes * 8, document.RootElement.GetProperty("min_key_size").GetInt32());
        Assert.Equal(KeySizes.MaxBytes * 8, document.RootElement.GetProperty("max_key_size").GetInt32());
    }

    [Fact]
    public async Task A_hubs_status_names_what_the_references_names_and_shows_no_secret()
    {
        var recorded = Assert.Single(WireVectors.Of('A').Exchanges, exchange => exchange.Exchange.Kind == "hub GET status").Exchange;
        using var hubs = new RecordedHubs(WireVectors.Of('A'), new Dictionary<string, string>());
        foreach (var (_, exchange) in WireVectors.Of('A').ExchangesWithHubs)
        {
            if (exchange.IsInBand)
            {
                await hubs.AskAsync(exchange);
            }
            else if (exchange.Response.Status == 200 && exchange.Kind != "hub GET status")
            {
                hubs.AskOutOfBand(exchange);
            }
        }

        var ours = JsonSerializer.SerializeToElement(HubReport.Of(hubs["hank"]), ManagementJsonContext.Default.HubReport);

        using var document = JsonDocument.Parse(recorded.Response.Body);
        var reference = document.RootElement;
        Assert.Equal([.. reference.EnumerateObject().Select(member => member.Name), "rejected"], ours.EnumerateObject().Select(member => member.Name));
        var clients = ours.GetProperty("peer_clients").EnumerateArray().ToDictionary(client => Text(client, "client_name"));
        Assert.Equal(["carol", "celia", "connie", "tester"], clients.Keys);
        foreach (var (name, client) in clients)
        {
            var theirs = reference.GetProperty("peer_clients").EnumerateArray().Single(other => Text(other, "client_name") == name);
            Assert.Equal(theirs.GetProperty("encryptor_names").GetRawText(), client.GetProperty("encryptor_names").GetRawText());
            AssertPool(theirs.GetProperty("local_pool"), client.GetProperty("local_pool"));
            AssertPool(theirs.GetProperty("peer_pool"), client.GetProperty("peer_pool"));
        }

        AssertShares(reference.GetProperty("shares"), ours.GetProperty("shares"));
    }

    private static void AssertPool(JsonElement theirs, JsonElement ours)
    {
        Assert.Equal(Text(theirs, "owner"), Text(ours, "owner"));
        var block = Assert.Single(ours.GetProperty("blocks").EnumerateArray());
        var other = Assert.Single(theirs.GetProperty("blocks").EnumerateArray());
        Assert.Equal((Text(other, "uuid"), Number(other, "size")), (Text(block, "uuid"), Number(block, "size")));
        Assert.Equal(Number(block, "size"), Number(block, "nr_used_bytes") + Number(block, "nr_unused_bytes"));

        Assert.Equal(
            other.EnumerateObject().Select(member => member.Name).Where(name => name != "data"),
            block.EnumerateObject().Select(member => member.Name));
    }

    private static void AssertShares(JsonElement theirs, JsonElement ours)
    {
        var recorded = theirs.EnumerateArray().Select(share => (Text(share, "key_id"), Number(share, "share_index"))).ToHashSet();
        Assert.NotEmpty(ours.EnumerateArray());
        foreach (var share in ours.EnumerateArray())
        {
            Assert.Contains((Text(share, "key_id"), Number(share, "share_index")), recorded);
            Assert.False(share.TryGetProperty("value", out _));
        }
    }

    /// <summary>The reference answers enc_keys with one key for <c>keys</c>, where the standard has a list.</summary>
    private static (Guid Id, byte[] Key) ReadMade(string body)
    {
        Assert.False(KeyContainerCodec.TryRead(Encoding.UTF8.GetBytes(body), out _));
        return ReadFetched(body.Replace("{\"keys\":{", "{\"keys\":[{", StringComparison.Ordinal).Replace("}}", "}]}", StringComparison.Ordinal));
    }

    private static (Guid Id, byte[] Key) ReadFetched(string body)
    {
        Assert.True(KeyContainerCodec.TryRead(Encoding.UTF8.GetBytes(body), out var container));
        using (container)
        {
            var key = Assert.Single(container.Keys);
            return (key.KeyId, key.Key.Span.ToArray());
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    /// <summary>Fails the test when anything is sent.</summary>
    private sealed class NoTransport : IHubTransport
    {
        public Task<HubResponse?> SendAsync(NodeName hub, OutgoingRequest request, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<LinkTurn?> AskTurnAsync(NodeName hub, LinkTurnQuery query, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<RegistrationReply?> RegisterAsync(
            NodeName hub, RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<PsrdAnswer?> FetchPsrdAsync(
            NodeName hub, NodeName client, PoolOwner owner, int size, Dialect dialect, CancellationToken cancellationToken)
            => throw new NotSupportedException();
    }
}
