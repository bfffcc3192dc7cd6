using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Hubs;

[Trait("Tier", "Unit")]
public sealed class RegistrationTests : IDisposable
{
    private readonly HubFixture _fixture = new();

    private HubEngine Hub => _fixture.Hub;

    public static TheoryData<string?, string?[]> BadRegistrations => new()
    {
        { "", [] },
        { null, [] },
        { "Carol", [] },
        { "-carol", [] },
        { "carol.example", [] },
        { new string('c', 64), [] },
        { "carol\n", [] },
        { "carol", [""] },
        { "carol", ["  "] },
        { "carol", [null] },
        { "carol", ["sam\n"] },
        { "carol", ["\uD800"] },
        { "carol", [new string('s', 256)] },
        { "carol", ["sam", "sam"] },
        { "carol", [.. Enumerable.Range(0, RegistrationRequest.MaxEncryptors + 1).Select(i => $"sam-{i}")] },
    };

    [Fact]
    public void A_client_is_known_with_its_encryptors_once_it_is_registered()
    {
        using var carol = new HubPeer(Hub, "carol");

        Assert.Equal(new RegistrationResult(null, ReplacedPools: true), RegisterAgain(carol, "sam", "Sören & Söhne 50%"));

        var client = Assert.Single(Hub.GetClients());
        Assert.Equal(("carol", true, false), (client.Name.Value, client.IsNative, client.NetworkMismatch));
        Assert.Equal(["sam", "Sören & Söhne 50%"], client.Encryptors.Select(sae => sae.Value));
        Assert.Empty(client.ClientOwned.Concat(client.HubOwned));
    }

    [Theory]
    [MemberData(nameof(BadRegistrations))]
    public void What_is_no_registration_is_refused_and_changes_nothing(string? name, string?[] encryptors)
    {
        var carol = _fixture.Enrol("carol", "sara");
        var before = _fixture.Snapshot();

        var result = Hub.Register(new RegistrationRequest { ClientName = name!, EncryptorNames = encryptors! }, carol.Instance, null);

        Assert.Equal(DskeError.MalformedMessage, result.Error);
        Assert.Equal(before, _fixture.Snapshot());
    }

    [Fact]
    public void The_greatest_number_of_encryptors_is_accepted()
    {
        using var carol = new HubPeer(Hub, "carol");

        Assert.Null(carol.Register([.. Enumerable.Range(0, RegistrationRequest.MaxEncryptors).Select(i => $"sam-{i}")]).Error);
    }

    [Fact]
    public async Task A_client_that_registers_again_with_the_same_instance_keeps_its_psrd_and_changes_its_encryptors()
    {
        var carol = _fixture.Enrol("carol", "sam");
        var celia = _fixture.Enrol("celia", "serena");
        var before = carol.Status.ClientOwned.Concat(carol.Status.HubOwned).ToList();

        Assert.Equal(new RegistrationResult(null, ReplacedPools: false), RegisterAgain(carol, "sara"));

        Assert.Equal(before, carol.Status.ClientOwned.Concat(carol.Status.HubOwned));
        var id = _fixture.Entropy.NextUuid();
        Assert.Equal(DskeError.MasterSaeNotOwned, (await carol.ExchangeAsync(carol.Post(id))).Error);
        Assert.Null((await carol.ExchangeAsync(carol.Post(id, master: "sara"))).Error);
    }

    [Fact]
    public async Task A_client_that_registers_with_another_instance_loses_its_psrd()
    {
        var carol = _fixture.Enrol("carol", "sam");
        var celia = _fixture.Enrol("celia", "serena");
        var late = carol.Post(_fixture.Entropy.NextUuid());

        carol.Instance = _fixture.Entropy.NextUuid();
        Assert.Equal(new RegistrationResult(null, ReplacedPools: true), RegisterAgain(carol, "sam"));

        Assert.Empty(carol.Status.ClientOwned.Concat(carol.Status.HubOwned));
        Assert.Equal(DskeError.PsrdUnknownBlock, (await carol.SendAsync(late)).Error);
    }

    [Fact]
    public async Task A_client_without_an_instance_keeps_its_psrd_until_it_fetches_new()
    {
        var carol = _fixture.Enrol("carol", Dialect.Reference, "sam");
        var celia = _fixture.Enrol("celia", "serena");

        Assert.Equal(new RegistrationResult(null), RegisterAgain(carol, "sam"));

        Assert.Null((await carol.ExchangeAsync(carol.Post(_fixture.Entropy.NextUuid()))).Error);
        Assert.False(carol.Status.IsNative);
        carol.Session.ClientOwned.Empty();
        carol.Fetch(PoolOwner.Client, 1000);
        Assert.Equal([1000], carol.Status.ClientOwned.Select(block => block.Size));
        Assert.Equal([HubPeer.BlockSize], carol.Status.HubOwned.Select(block => block.Size));
        carol.Fetch(PoolOwner.Client, 1000);
        Assert.Equal([1000, 1000], carol.Status.ClientOwned.Select(block => block.Size));
    }

    [Fact]
    public async Task Without_a_token_a_link_in_use_is_not_given_up_for_another_instance_or_none()
    {
        var carol = _fixture.Enrol("carol", "sam");
        var celia = _fixture.Enrol("celia", "serena");
        var before = _fixture.Snapshot();
        var request = new RegistrationRequest { ClientName = "carol", EncryptorNames = [] };

        Assert.Equal(DskeError.InstanceChanged, Hub.Register(request, _fixture.Entropy.NextUuid(), null).Error);
        Assert.Equal(DskeError.InstanceChanged, Hub.Register(request, null, null).Error);
        Assert.Equal(DskeError.InstanceChanged, Hub.Register(request, null, null, startOver: true).Error);

        Assert.Equal(before, _fixture.Snapshot());
        Assert.Null((await carol.ExchangeAsync(carol.Post(_fixture.Entropy.NextUuid()))).Error);
        Assert.Null(Hub.Register(request, carol.Instance, null).Error);
    }

    [Fact]
    public void A_link_that_nothing_has_come_over_begins_anew_with_each_registration()
    {
        using var carol = new HubPeer(Hub, "carol");
        carol.Register("sam");
        using var block = Hub.IssuePsrd("carol", PoolOwner.Client, 1000, out _);

        Assert.Equal(new RegistrationResult(null, ReplacedPools: true), RegisterAgain(carol, "sam"));

        Assert.Empty(carol.Status.ClientOwned);
    }

    [Fact]
    public void A_client_that_lost_track_gets_new_pools()
    {
        var carol = _fixture.Enrol("carol", "sam");

        var result = Hub.Register(new RegistrationRequest { ClientName = "carol", EncryptorNames = ["sam"] }, carol.Instance, null, startOver: true);

        Assert.True(result.ReplacedPools);
        Assert.Empty(carol.Status.ClientOwned.Concat(carol.Status.HubOwned));
    }

    [Fact]
    public void New_blocks_after_a_replacement_are_good()
    {
        var carol = _fixture.Enrol("carol", "sam");
        carol.Instance = _fixture.Entropy.NextUuid();
        carol.Register("sam");

        carol.Session.ClientOwned.Empty();
        carol.Session.HubOwned.Empty();
        carol.FetchPending(PoolOwner.Client);
        carol.FetchPending(PoolOwner.Hub);

        Assert.Equal(HubPeer.BlockSize, carol.Status.ClientOwned.Sum(block => block.UnusedBytes));
        Assert.Equal(HubPeer.BlockSize, carol.Status.HubOwned.Sum(block => block.UnusedBytes));
    }

    [Theory]
    [InlineData("conny", "sofia", "serena")] // Somebody else's encryptor.
    [InlineData("conny", "celia")] // Somebody else's name.
    [InlineData("serena")] // A name that is somebody else's encryptor.
    public void A_claim_that_conflicts_is_refused_whole(string name, params string[] encryptors)
    {
        var celia = _fixture.Enrol("celia", "serena");
        var before = _fixture.Snapshot();
        using var other = new HubPeer(Hub, name);

        Assert.Equal(DskeError.SaeClaimedElsewhere, other.Register(encryptors).Error);

        Assert.Equal(before, _fixture.Snapshot());
    }

    [Fact]
    public async Task A_registered_client_that_claims_too_much_keeps_what_it_had()
    {
        var celia = _fixture.Enrol("celia", "serena");
        var carol = _fixture.Enrol("carol", "sam");
        var before = _fixture.Snapshot();

        Assert.Equal(DskeError.SaeClaimedElsewhere, carol.Register("sara", "serena").Error);
        carol.Instance = _fixture.Entropy.NextUuid();
        Assert.Equal(DskeError.SaeClaimedElsewhere, carol.Register("sara", "serena").Error);

        Assert.Equal(before, _fixture.Snapshot());
        Assert.Null((await carol.ExchangeAsync(carol.Post(_fixture.Entropy.NextUuid(), master: "sam"))).Error);
    }

    [Fact]
    public void An_encryptor_that_its_client_gives_up_is_free_for_others()
    {
        var celia = _fixture.Enrol("celia", "serena", "sofia");
        using var conny = new HubPeer(Hub, "conny");

        Assert.Null(celia.Register("serena").Error);

        Assert.Null(conny.Register("sofia").Error);
        Assert.Equal(DskeError.SaeClaimedElsewhere, celia.Register("serena", "sofia").Error);
    }

    [Fact]
    public async Task A_clients_own_name_is_always_its_encryptor()
    {
        var carol = _fixture.Enrol("carol");
        var celia = _fixture.Enrol("celia", "celia", "serena");
        var id = _fixture.Entropy.NextUuid();

        Assert.Null((await carol.ExchangeAsync(carol.Post(id, master: "carol", slave: "celia"))).Error);

        Assert.Equal(new byte[32], await celia.FetchShareAsync(id, "carol", "celia"));
    }

    [Fact]
    public void There_are_so_many_clients_and_no_more()
    {
        using var fixture = new HubFixture(new HubLimits { MaxClients = 2 });
        var carol = fixture.Enrol("carol");
        var celia = fixture.Enrol("celia");
        using var conny = new HubPeer(fixture.Hub, "conny");

        Assert.Equal(DskeError.ClientLimitReached, conny.Register().Error);

        Assert.Null(carol.Register("sam").Error);
        Assert.Equal(2, fixture.Hub.GetClients().Count);
    }

    [Fact]
    public void Another_network_is_flagged_until_the_client_means_the_same_again()
    {
        var request = new RegistrationRequest { ClientName = "carol", EncryptorNames = [] };
        var instance = _fixture.Entropy.NextUuid();

        Assert.True(Hub.Register(request, instance, "another").NetworkMismatch);
        Assert.True(Assert.Single(Hub.GetClients()).NetworkMismatch);
        Assert.False(Hub.Register(request, instance, HubFixture.Network.ComputeHash()).NetworkMismatch);
        Assert.False(Assert.Single(Hub.GetClients()).NetworkMismatch);
        Assert.False(Hub.Register(request, instance, null).NetworkMismatch);
    }

    [Fact]
    public async Task Registrations_and_exchanges_at_once_end_in_a_state_that_works()
    {
        var celia = _fixture.Enrol("celia", "serena");
        var carol = _fixture.Enrol("carol", "sam");

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), TestContext.Current.CancellationToken, async (i, _) =>
        {
            if (i % 10 == 0)
            {
                Assert.Null(carol.Register("sam").Error);
            }

            Assert.Null((await carol.ExchangeAsync(carol.Post(_fixture.Entropy.NextUuid()))).Error);
        });

        Assert.Equal(200, Hub.ShareCount);
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>What became of a registration, but for where the hub says it is.</summary>
    private static RegistrationResult RegisterAgain(HubPeer peer, params string[] encryptors) => peer.Register(encryptors) with { Statement = null };
}
