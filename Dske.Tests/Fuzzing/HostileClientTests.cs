using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Tests.Unit.Hubs;

namespace Dske.Tests.Fuzzing;

/// <summary>A registered client that signs whatever it likes, and whoever calls out of band: each is answered, and no other client suffers.</summary>
[Trait("Tier", "Fuzzing")]
public sealed class HostileClientTests : IDisposable
{
    private const int Series = 40;

    private static readonly Guid Waiting = Guid.Parse("00000000-0000-4000-8000-000000000001");
    private static readonly Guid Fresh = Guid.Parse("00000000-0000-4000-8000-000000000002");
    private static readonly Guid FreshToo = Guid.Parse("00000000-0000-4000-8000-000000000003");

    private HubFixture? _fixture;
    private HubPeer _carol = null!;
    private HubPeer _celia = null!;

    public void Dispose() => _fixture?.Dispose();

    [Theory]
    [InlineData("POST key-share")]
    [InlineData("GET key-share")]
    [InlineData("GET sync")]
    [InlineData("POST key-shares")]
    [InlineData("GET key-shares")]
    [InlineData("GET encryptors")]
    [InlineData("POST key-share for several")]
    public async Task Whatever_a_client_signs_is_answered_and_touches_no_other_client(string kind)
    {
        var count = 0;
        await Campaign.RunAsync($"Signed {kind}", 300, async round =>
        {
            if (_fixture is null || count++ % Series == 0)
            {
                await RestartAsync();
            }

            var (get, sync) = (_carol.Get(Waiting), _carol.PrepareSync());
            var (unused, bystander) = (Unused(_carol), Describe(_celia));

            var answer = kind switch
            {
                "POST key-share" => await PostAsync(round, _carol.Post(Fresh)),
                "POST key-shares" => await PostAsync(round, _carol.PostAll([Fresh, FreshToo], "serena-2")),
                "POST key-share for several" => await PostAsync(round, _carol.PostAll([Fresh], "serena-2", "sam"), oddQueryOneIn: 2),
                "GET key-share" => await GetAsync(round, get, sync),
                "GET key-shares" => await GetAsync(round, _carol.GetAll([Waiting, Fresh]), get),
                "GET encryptors" => await GetAsync(round, _carol.Ask("serena"), get),
                _ => Sync(round, sync, get),
            };

            Assert.True(answer.Status is 200 or (>= 400 and < 500) || answer.Error == DskeError.OutOfPsrd, $"{answer.Status} {answer.Error}");
            Assert.Null(answer.Fault);
            Assert.True(Unused(_carol) <= unused, "Used bytes came back.");
            Assert.Equal(bystander, Describe(_celia));
            if (answer.Error is DskeError.LinkSetBack || _carol.Status.ClientOwned.Count == 0 || _carol.Status.HubOwned.Count == 0)
            {
                await RestartAsync();
            }
        });
        await AssertBystanderIsServedAsync();
    }

    [Fact]
    public async Task Whatever_is_registered_no_other_client_loses_anything()
    {
        byte[][] corpus =
        [
            .. new[] { ("carol", "sam"), ("celia", "serena"), ("cindy", "sara"), ("conny", "sofia"), ("curtis", "serena") }.Select(
                names => MessageJson.Write(new RegistrationRequest { ClientName = names.Item1, EncryptorNames = [names.Item2, "zoë"] }, Dialect.Guide)),
        ];
        var count = 0;
        await Campaign.RunAsync("Registration", 500, async round =>
        {
            if (count++ % Series == 0)
            {
                await RestartAsync();
            }

            var (before, others) = (_fixture!.Snapshot(), Describe(_carol) + Describe(_celia));
            if (!MessageJson.TryRead<RegistrationRequest>(round.Mutate("registration", corpus), Dialect.Guide, out var request))
            {
                return;
            }

            var result = _fixture.Hub.Register(request, round.OneIn(2) ? Waiting : null, round.OneIn(2) ? "00" : null, startOver: round.OneIn(2));

            Assert.Equal(others, Describe(_carol) + Describe(_celia));
            var claims = _fixture.Hub.GetClients().SelectMany(client => client.Encryptors.Select(sae => sae.Value).Append(client.Name.Value).Distinct()).ToArray();
            Assert.Equal(claims.Distinct(), claims);
            if (result.Error is not null)
            {
                Assert.Equal(before, _fixture.Snapshot());
            }
        });
        await AssertBystanderIsServedAsync();
    }

    [Fact]
    public async Task Whatever_PSRD_is_asked_for_it_is_made_within_the_limits_or_refused()
    {
        var limits = new HubLimits { HoldTime = TimeSpan.Zero, MaxBlockSize = 8 * 1024, MaxPoolBytes = 96 * 1024 };
        await RestartAsync(new HubLimits { HoldTime = TimeSpan.Zero, MaxPoolBytes = limits.MaxPoolBytes });
        Campaign.Run("PSRD", 500, round =>
        {
            var name = round.OneIn(2) ? "carol" : round.MutateText("name", "carol", "celia", "cindy");
            var size = long.TryParse(round.Pick(OddInputs.Numbers), out var odd) ? odd : round.Random.Next(4096);
            var owner = round.OneIn(2) ? PoolOwner.Client : PoolOwner.Hub;

            using var block = _fixture!.Hub.IssuePsrd(name, owner, Math.Min(size, 1024 * 1024), out var error);

            Assert.Equal(block is null, error is not null);
            Assert.Equal(block is null ? 0 : size, block?.Data.Length ?? 0);
            Assert.All(_fixture.Hub.GetClients(), client => Assert.All(
                new[] { client.ClientOwned, client.HubOwned }, pool => Assert.InRange(pool.Sum(block => block.UnusedBytes), 0, limits.MaxPoolBytes)));
        });
        await AssertBystanderIsServedAsync();
    }

    private Task<HubAnswer> PostAsync(FuzzRound round, OutgoingRequest post, int oddQueryOneIn = 8)
    {
        var query = round.OneIn(oddQueryOneIn) ? round.MutateText("query", post.Query, post.Query) : post.Query;
        var body = query == post.Query || round.OneIn(2) ? round.Mutate("body", [post.Body.ToArray()]) : post.Body.ToArray();
        return _carol.SendAsync(_carol.Sign(true, query, body) with { Resource = post.Resource });
    }

    private Task<HubAnswer> GetAsync(FuzzRound round, OutgoingRequest get, OutgoingRequest other)
        => _carol.SendAsync(_carol.Sign(false, round.MutateText("query", get.Query, get.Query, other.Query), default) with { Resource = get.Resource });

    private HubAnswer Sync(FuzzRound round, OutgoingRequest sync, OutgoingRequest other)
    {
        // The turn as it is now, so that the rest is looked at.
        var request = _carol.Sign(false, round.MutateText("query", sync.Query, sync.Query, other.Query), default);
        var answer = _fixture!.Hub.Sync(request.Query, hasBody: false, request.Signature);
        if (answer.Status == 200 && MessageJson.TryRead<LinkStatement>(answer.Body.Span, Dialect.Guide, out var statement))
        {
            _carol.Turn = statement.Turn;
        }

        return answer;
    }

    private async Task RestartAsync(HubLimits? limits = null)
    {
        if (_fixture is not null)
        {
            await AssertBystanderIsServedAsync();
            _fixture.Dispose();
        }

        _fixture = new HubFixture(limits);
        (_carol, _celia) = (_fixture.Enrol("carol", "sam"), _fixture.Enrol("celia", "serena"));
        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(_carol.Post(Waiting))).Kind);
    }

    private async Task AssertBystanderIsServedAsync() => Assert.Equal(new byte[32], await _celia.FetchShareAsync(Waiting));

    private static long Unused(HubPeer peer) => peer.Status.ClientOwned.Concat(peer.Status.HubOwned).Sum(block => block.UnusedBytes);

    private static string Describe(HubPeer peer)
    {
        var status = peer.Status;
        var blocks = status.ClientOwned.Concat(status.HubOwned).Select(block => $"{block.BlockId}:{block.UnusedBytes}");
        return $"{status.Name} {string.Join(',', status.Encryptors)} {string.Join(' ', blocks)}";
    }
}
