using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;

namespace Dske.Tests.Conformance;

/// <summary>The typed client against real KMEs: every way to ask for keys.</summary>
[Collection(SharedLoopback.Name)]
[Trait("Tier", "Network")]
public sealed class TypedClientTests(LoopbackKeyDelivery network)
{
    private static readonly SaeId Sam = SaeId.Parse("sam");
    private static readonly SaeId Sofia = SaeId.Parse("sofia");
    private static readonly SaeId Sunny = SaeId.Parse("sunny");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_with_nothing_in_it_gets_one_key_of_the_default_size()
    {
        using var keys = (await ClientOf(Sam).PostKeysAsync(Sofia, new KeyRequest(), Cancellation)).Value!;

        Assert.Equal(256, Assert.Single(keys.Keys).SizeBits);
        await AssertDeliveredAsync(Sofia, keys);
    }

    [Fact]
    public async Task A_request_may_say_all_there_is_to_say()
    {
        var wanted = new KeyRequest { Number = 3, Size = 192, ExtensionOptional = [new Dictionary<string, JsonElement> { ["abc_max_age"] = JsonElement.Parse("5") }] };

        using var keys = (await ClientOf(Sam).PostKeysAsync(Sofia, wanted, Cancellation)).Value!;

        Assert.Equal([192, 192, 192], keys.Keys.Select(key => key.SizeBits));
        await AssertDeliveredAsync(Sofia, keys);
    }

    [Fact]
    public async Task Several_slaves_get_the_same_keys()
    {
        using var keys = (await ClientOf(Sam).GetKeysAsync(Sofia, [Sunny], 2, 256, Cancellation)).Value!;

        await AssertDeliveredAsync(Sofia, keys);
        await AssertDeliveredAsync(Sunny, keys);
    }

    [Fact]
    public async Task No_further_slaves_are_no_list_at_all()
    {
        using var keys = (await ClientOf(Sam).GetKeysAsync(Sofia, [], 2, 256, Cancellation)).Value!;

        await AssertDeliveredAsync(Sofia, keys);
    }

    [Fact]
    public async Task Refusals_are_outcomes()
    {
        var sam = ClientOf(Sam);
        var extension = new KeyRequest { ExtensionMandatory = [new Dictionary<string, JsonElement> { ["abc_x"] = JsonElement.Parse("1") }] };

        var unsupported = await sam.PostKeysAsync(Sofia, extension, Cancellation);
        var twice = await sam.GetKeysAsync(Sofia, [Sunny, Sunny], 1, 256, Cancellation);
        var stranger = await ClientOf(SaeId.Parse("nobody-at-all"), "carol").PostKeysAsync(Sofia, new KeyRequest(), Cancellation);

        Assert.Equal((KeyDeliveryOutcome.BadRequest, "not all extension_mandatory parameters are supported"), (unsupported.Outcome, unsupported.Message));
        Assert.Equal(KeyDeliveryOutcome.BadRequest, twice.Outcome);
        Assert.Equal(KeyDeliveryOutcome.Unauthorized, stranger.Outcome);
        Assert.Null(stranger.Value);
    }

    [Fact]
    public async Task Misuse_and_cancellation_are_exceptions()
    {
        var sam = ClientOf(Sam);

        await Assert.ThrowsAsync<ArgumentNullException>(() => sam.PostKeysAsync(Sofia, null!, Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => sam.GetKeysAsync(Sofia, null!, 1, 256, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => sam.PostKeysAsync(Sofia, new KeyRequest { Number = 0 }, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => sam.GetKeysAsync(Sofia, [Sunny], 1, 0, Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sam.PostKeysAsync(Sofia, new KeyRequest(), new CancellationToken(canceled: true)));
    }

    private KeyDeliveryClient ClientOf(SaeId sae, string? kme = null)
        => new(network.ClientOf(null, kme ?? network.KmeOf(sae.Value)), new KeyDeliveryClientOptions { Caller = sae }, TimeProvider.System);

    private async Task AssertDeliveredAsync(SaeId slave, KeyContainer made)
    {
        using var fetched = (await ClientOf(slave).GetKeysWithIdsAsync(Sam, [.. made.Keys.Select(key => key.KeyId)], Cancellation)).Value;

        Assert.NotNull(fetched);
        Assert.All(made.Keys.Zip(fetched.Keys), pair => Assert.True(pair.First.Key.FixedTimeEquals(pair.Second.Key)));
    }
}
