using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Hubs;

/// <summary>A request for an unknown key is held for a moment: the share may still be on its way.</summary>
[Trait("Tier", "Unit")]
public sealed class HeldRequestTests : IDisposable
{
    private static readonly HubLimits Limits = new() { MaxHeldRequests = 3 };

    private readonly HubFixture _fixture = new(Limits);
    private readonly HubPeer _carol;
    private readonly HubPeer _celia;

    public HeldRequestTests() => (_carol, _celia) = (_fixture.Enrol("carol", "sam"), _fixture.Enrol("celia", "serena"));

    [Fact]
    public async Task It_is_answered_as_soon_as_the_share_comes()
    {
        var id = _fixture.Entropy.NextUuid();
        var fetching = _celia.FetchShareAsync(id);
        await _fixture.Time.UntilTimersRunAsync(Limits.HoldTime);

        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(_carol.Post(id))).Kind);

        Assert.Equal(new byte[32], await fetching);
        Assert.Equal(0, _fixture.Time.TimerCount);
    }

    [Fact]
    public async Task It_is_answered_when_the_time_is_over()
    {
        var fetching = _celia.ExchangeAsync(_celia.Get(_fixture.Entropy.NextUuid()));
        await _fixture.Time.UntilTimersRunAsync(Limits.HoldTime);
        _fixture.Time.Advance(Limits.HoldTime - TimeSpan.FromTicks(1));
        Assert.False(fetching.IsCompleted);

        _fixture.Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(DskeError.ShareUnknown, (await fetching).Error);
    }

    [Fact]
    public async Task A_share_of_another_key_does_not_end_the_holding()
    {
        var fetching = _celia.ExchangeAsync(_celia.Get(_fixture.Entropy.NextUuid()));
        await _fixture.Time.UntilTimersRunAsync(Limits.HoldTime);

        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(_carol.Post(_fixture.Entropy.NextUuid()))).Kind);
        Assert.False(fetching.IsCompleted);

        _fixture.Time.Advance(Limits.HoldTime);
        Assert.Equal(DskeError.ShareUnknown, (await fetching).Error);
    }

    [Fact]
    public async Task Several_requests_for_one_key_are_all_answered()
    {
        var id = _fixture.Entropy.NextUuid();
        var fetching = Enumerable.Range(0, 3).Select(_ => _celia.FetchShareAsync(id)).ToList();
        await _fixture.Time.UntilTimersRunAsync(Limits.HoldTime, 3);

        await _carol.ExchangeAsync(_carol.Post(id));

        Assert.All(await Task.WhenAll(fetching), share => Assert.Equal(new byte[32], share));
    }

    [Fact]
    public async Task So_many_are_held_and_further_ones_are_answered_at_once()
    {
        var held = Enumerable.Range(0, Limits.MaxHeldRequests).Select(_ => _celia.ExchangeAsync(_celia.Get(_fixture.Entropy.NextUuid()))).ToList();
        await _fixture.Time.UntilTimersRunAsync(Limits.HoldTime, Limits.MaxHeldRequests);

        Assert.Equal(DskeError.ShareUnknown, (await _celia.ExchangeAsync(_celia.Get(_fixture.Entropy.NextUuid()))).Error);
        Assert.All(held, request => Assert.False(request.IsCompleted));

        // Those that are answered make room.
        _fixture.Time.Advance(Limits.HoldTime);
        Assert.All(await Task.WhenAll(held), reply => Assert.Equal(DskeError.ShareUnknown, reply.Error));
        var next = _celia.ExchangeAsync(_celia.Get(_fixture.Entropy.NextUuid()));
        await _fixture.Time.UntilTimersRunAsync(Limits.HoldTime);
        _fixture.Time.Advance(Limits.HoldTime);
        Assert.Equal(DskeError.ShareUnknown, (await next).Error);
    }

    [Fact]
    public async Task What_is_not_for_the_asker_is_not_held()
    {
        var id = _fixture.Entropy.NextUuid();
        await _carol.ExchangeAsync(_carol.Post(id));

        Assert.Equal(DskeError.ShareNotYours, (await _carol.ExchangeAsync(_carol.Get(id))).Error);
        Assert.Equal(DskeError.ShareUnknown, (await _celia.ExchangeAsync(_celia.Get(id, master: "sara"))).Error);
    }

    [Fact]
    public async Task A_request_that_is_not_authentic_is_not_held()
    {
        var request = _celia.Get(_fixture.Entropy.NextUuid());

        var answer = await _celia.SendAsync(request with { Query = request.Query.Replace("serena", "sabine") });

        Assert.Equal(DskeError.SignatureInvalid, answer.Error);
    }

    [Fact]
    public async Task Whoever_is_gone_is_not_answered_and_costs_no_psrd()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var before = _celia.Status.HubOwned.ToList();
        var fetching = _celia.SendAsync(_celia.Get(_fixture.Entropy.NextUuid()), gone.Token);
        await _fixture.Time.UntilTimersRunAsync(Limits.HoldTime);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.Equal(before, _celia.Status.HubOwned);
        Assert.Equal(0, _fixture.Time.TimerCount);
    }

    public void Dispose() => _fixture.Dispose();
}
