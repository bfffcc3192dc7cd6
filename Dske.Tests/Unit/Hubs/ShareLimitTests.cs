using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Hubs;

/// <summary>Key after key of one client, with the limits that hubs have by default: it fills the room that it is granted, and nobody else's.</summary>
[Trait("Tier", "Unit")]
public sealed class ShareLimitTests : IDisposable
{
    private const int BlockSize = 8 * 1024 * 1024;

    private readonly HubFixture _fixture = new(new HubLimits { HoldTime = TimeSpan.Zero });
    private readonly HubPeer _carol;
    private readonly HubPeer _celia;

    public ShareLimitTests()
    {
        _carol = _fixture.Enrol("carol", "sam");
        _celia = _fixture.Enrol("celia", "serena");
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task More_than_ten_thousand_keys_are_refused_and_take_no_memory()
    {
        _carol.Fetch(PoolOwner.Client, BlockSize);
        _carol.Fetch(PoolOwner.Hub, BlockSize);
        Guid[] keys = [.. Enumerable.Range(0, 12_000).Select(_ => _fixture.Entropy.NextUuid())];
        var refused = 0;
        foreach (var key in keys)
        {
            var reply = await _carol.ExchangeAsync(_carol.Post(key));
            refused += reply switch
            {
                { Kind: HubAnswerKind.Accepted } => 0,
                { Kind: HubAnswerKind.Refused, Error: DskeError.ShareLimitReached } => 1,
                _ => throw new InvalidOperationException($"{reply}"),
            };
        }

        Assert.Equal(keys.Length - 10_000, refused);
        Assert.Equal(keys[..10_000].Order(), _fixture.Hub.GetShares(int.MaxValue).Select(share => share.KeyId).Order());
        Assert.Equal(refused, _fixture.Hub.Rejections.GetCounts()[DskeErrors.GetName(DskeError.ShareLimitReached)]);
        await AssertOthersHaveRoomAsync();

        // Nothing is refused any more once there is room again.
        _fixture.Time.Advance(_fixture.Limits.ShareTimeToLive);
        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(_carol.Post(keys[^1]))).Kind);
        Assert.Equal(1, _fixture.Hub.ShareCount);
    }

    [Fact]
    public async Task More_than_64_MiB_of_shares_are_refused_and_take_no_memory()
    {
        const int Size = 2 * 1024 * 1024;
        for (var i = 0; i < 40; i++)
        {
            while (_carol.Session.ClientOwned.SpendableBytes < Size + 32)
            {
                _carol.Fetch(PoolOwner.Client, BlockSize);
            }

            var reply = await _carol.ExchangeAsync(_carol.Post(_fixture.Entropy.NextUuid(), value: new byte[Size]));
            Assert.Equal(i < 32 ? (HubAnswerKind.Accepted, default(DskeError?)) : (HubAnswerKind.Refused, DskeError.ShareLimitReached), (reply.Kind, reply.Error));
        }

        Assert.Equal(_fixture.Limits.MaxShareBytesPerClient, _fixture.Hub.GetShares(int.MaxValue).Sum(share => (long)share.Size));
        await AssertOthersHaveRoomAsync();
    }

    private async Task AssertOthersHaveRoomAsync()
    {
        var (key, value) = (_fixture.Entropy.NextUuid(), new byte[4096]);
        value.AsSpan().Fill(7);
        Assert.Equal(HubAnswerKind.Accepted, (await _celia.ExchangeAsync(_celia.Post(key, "sam", "serena", value: value))).Kind);
        Assert.Equal(value, await _carol.FetchShareAsync(key, "serena", "sam"));
    }
}
