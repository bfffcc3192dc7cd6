using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.Hubs;

/// <summary>A share for several encryptors: each of them may fetch it, and it stays until all have.</summary>
[Trait("Tier", "Unit")]
public sealed class MulticastRelayTests : IDisposable
{
    private static readonly Guid Id = Guid.Parse("00000000-0000-4000-8000-000000000001");
    private static readonly byte[] Value = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly HubFixture _fixture = new();
    private readonly HubPeer _carol;
    private readonly HubPeer _celia;
    private readonly HubPeer _conny;

    public MulticastRelayTests()
    {
        _carol = _fixture.Enrol("carol", "sam");
        _celia = _fixture.Enrol("celia", "serena", "selma");
        _conny = _fixture.Enrol("conny", "sofia");
    }

    [Fact]
    public async Task Each_of_them_gets_it()
    {
        Assert.Equal(HubAnswerKind.Accepted, (await PostAsync("serena", "selma", "sofia")).Kind);

        Assert.Equal(Value, await _celia.FetchShareAsync(Id));
        Assert.Equal(Value, await _conny.FetchShareAsync(Id, slave: "sofia"));
        Assert.Equal(Value, await _celia.FetchShareAsync(Id, slave: "selma"));
    }

    [Fact]
    public async Task It_goes_a_while_after_the_last_one_has_it()
    {
        await PostAsync("serena", "sofia");
        await _celia.FetchShareAsync(Id);
        _fixture.Time.Advance(_fixture.Limits.RepeatWindow + TimeSpan.FromSeconds(1));
        Assert.False(Assert.Single(_fixture.Hub.GetShares(10)).Delivered);

        await _conny.FetchShareAsync(Id, slave: "sofia");
        Assert.True(Assert.Single(_fixture.Hub.GetShares(10)).Delivered);
        _fixture.Time.Advance(_fixture.Limits.RepeatWindow);

        Assert.Empty(_fixture.Hub.GetShares(10));
    }

    [Fact]
    public async Task Nobody_else_gets_it()
    {
        await PostAsync("serena", "sofia");

        Assert.Equal(DskeError.ShareNotYours, (await _celia.ExchangeAsync(_celia.Get(Id, slave: "selma"))).Error);
        Assert.Equal(DskeError.ShareNotYours, (await _carol.ExchangeAsync(_carol.Get(Id, slave: "sofia"))).Error);
        Assert.Equal(DskeError.ShareNotYours, (await _conny.ExchangeAsync(_conny.Get(Id, slave: "serena"))).Error);
    }

    [Fact]
    public async Task An_encryptor_that_changes_hands_does_not_take_the_share_along()
    {
        await PostAsync("serena", "sofia");
        Assert.Null(_conny.Register().Error);
        var curtis = _fixture.Enrol("curtis", "sofia");

        Assert.Equal(DskeError.ShareNotYours, (await curtis.ExchangeAsync(curtis.Get(Id, slave: "sofia"))).Error);
    }

    [Theory]
    [InlineData("serena", "nobody", DskeError.SlaveSaeUnknown)]
    [InlineData("nobody", "serena", DskeError.SlaveSaeUnknown)]
    [InlineData("serena", "serena", DskeError.MalformedMessage)]
    public async Task Slaves_that_cannot_be_are_refused_with_a_signature(string slave, string also, DskeError error)
    {
        var reply = await PostAsync(slave, also);

        Assert.Equal((HubAnswerKind.Refused, error), (reply.Kind, reply.Error));
        Assert.Equal(0, _fixture.Hub.ShareCount);
    }

    [Fact]
    public async Task The_same_share_for_others_is_another_one()
    {
        await PostAsync("serena", "sofia");

        Assert.Equal(HubAnswerKind.Accepted, (await PostAsync("serena", "sofia")).Kind);
        Assert.Equal(DskeError.ShareConflict, (await PostAsync("serena", "selma")).Error);
        Assert.Equal(DskeError.ShareConflict, (await PostAsync("serena")).Error);
    }

    [Fact]
    public async Task Who_the_share_is_for_is_signed()
    {
        var request = Prepare("serena", "sofia");

        var answer = await _carol.SendAsync(request with { Query = "bind=1&also=selma" });

        Assert.Equal((DskeError.SignatureInvalid, null), (answer.Error, answer.Signature));
        Assert.Equal(0, _fixture.Hub.ShareCount);
        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(request)).Kind);
    }

    public void Dispose() => _fixture.Dispose();

    private OutgoingRequest Prepare(string slave, params string[] also)
    {
        using var share = new Share(1, SecretBytes.CopyOf(Value));
        var key = new KeyDescription(_carol.Name, [Id], SaeId.Parse("sam"), SaeId.Parse(slave), [.. also.Select(SaeId.Parse)]);
        Assert.Equal(PsrdOutcome.Ok, _carol.Session.TryPreparePost(key, share, out var request));
        return request!;
    }

    private Task<HubReply> PostAsync(string slave, params string[] also) => _carol.ExchangeAsync(Prepare(slave, also));
}
