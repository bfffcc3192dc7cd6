using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Hubs;

/// <summary>A hub tells its clients who has which encryptor.</summary>
[Trait("Tier", "Unit")]
public sealed class DirectoryTests : IDisposable
{
    private readonly HubFixture _fixture = new();
    private readonly HubPeer _carol;

    public DirectoryTests()
    {
        _carol = _fixture.Enrol("carol", "sam");
        _fixture.Enrol("celia", "serena", "selma");
        _fixture.Enrol("cindy");
    }

    [Theory]
    [InlineData("serena", "celia: serena")]
    [InlineData("sam", "carol: sam")]
    [InlineData("cindy", "cindy:")]
    [InlineData("nobody", "")]
    [InlineData(null, "carol: sam; celia: selma serena; cindy:")]
    public async Task It_names_the_client_of_an_encryptor_or_all(string? sae, string expected)
    {
        var reply = await AskAsync(sae);

        Assert.Equal(HubAnswerKind.Accepted, reply.Kind);
        Assert.Equal(expected, string.Join("; ", reply.Clients!.Select(client => $"{client.ClientName}: {string.Join(' ', client.EncryptorNames)}".TrimEnd())));
    }

    [Fact]
    public async Task A_hub_that_began_with_nothing_a_moment_ago_does_not_say_that_nobody_has_it()
    {
        using var fixture = new HubFixture(new HubLimits { SettleTime = TimeSpan.FromSeconds(8) });
        var carol = fixture.Enrol("carol", "sam");
        var query = new EncryptorsQuery { ClientName = "carol", SaeId = SaeId.Parse("serena") };

        carol.Session.TryPrepareGet(query, out var early);
        var before = await carol.ExchangeAsync(early!);
        fixture.Time.Advance(TimeSpan.FromSeconds(8));
        carol.Session.TryPrepareGet(query, out var late);
        var after = await carol.ExchangeAsync(late!);

        Assert.Equal((HubAnswerKind.Refused, DskeError.RegistrationsIncomplete), (before.Kind, before.Error));
        Assert.Equal((HubAnswerKind.Accepted, 0), (after.Kind, after.Clients!.Count));
    }

    [Fact]
    public async Task Who_has_more_clients_than_fit_into_an_answer_says_so()
    {
        var longNames = Enumerable.Range(0, 100).Select(i => $"{i}" + new string('s', 250)).ToArray();
        for (var i = 0; i < 20; i++)
        {
            _fixture.Enrol($"client-{i}", [.. longNames.Select(name => $"{i}-{name[..250]}")]);
        }

        var all = await AskAsync(null);

        Assert.Equal((HubAnswerKind.Refused, DskeError.TooManyClients), (all.Kind, all.Error));
        Assert.Equal("celia", Assert.Single((await AskAsync("serena")).Clients!).ClientName);
    }

    [Fact]
    public async Task A_question_that_is_not_signed_by_a_client_is_not_answered()
    {
        var request = Prepare("serena");
        var before = _fixture.Snapshot();

        foreach (var forged in new[] { request with { Query = request.Query.Replace("serena", "selma", StringComparison.Ordinal) }, request with { Signature = "x" } })
        {
            var answer = await _carol.SendAsync(forged);

            Assert.Null(answer.Signature);
            Assert.NotNull(answer.Error);
        }

        Assert.Equal(before, _fixture.Snapshot());
        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(request)).Kind);
    }

    public void Dispose() => _fixture.Dispose();

    private OutgoingRequest Prepare(string? sae)
    {
        var query = new EncryptorsQuery { ClientName = "carol", SaeId = sae is null ? null : SaeId.Parse(sae) };
        Assert.Equal(PsrdOutcome.Ok, _carol.Session.TryPrepareGet(query, out var request));
        return request!;
    }

    private Task<HubReply> AskAsync(string? sae) => _carol.ExchangeAsync(Prepare(sae));
}
