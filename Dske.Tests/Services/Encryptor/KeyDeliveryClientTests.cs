using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Microsoft.AspNetCore.Http;

namespace Dske.Tests.Services.Encryptor;

/// <summary>The SAE's side of key delivery against a KME over real HTTP; how it fails is shown by <see cref="KmeFailureTests"/>.</summary>
[Trait("Tier", "Services")]
public sealed class KeyDeliveryClientTests
{
    private static readonly SaeId Sam = SaeId.Parse("sam");
    private static readonly SaeId Sofia = SaeId.Parse("sofia");

    [Fact]
    public async Task A_status_is_read()
    {
        await using var kme = await TestKme.StartAsync();

        var result = await Client(kme, Sam).GetStatusAsync(Sofia, TestContext.Current.CancellationToken);

        Assert.Equal(KeyDeliveryOutcome.Success, result.Outcome);
        Assert.Equal(("carol", "sam", "sofia", 256), (result.Value!.SourceKmeId, result.Value.MasterSaeId, result.Value.SlaveSaeId, result.Value.KeySize));
    }

    [Fact]
    public async Task A_status_with_other_names_is_malformed()
    {
        await using var kme = await TestKme.StartAsync();
        kme.Intercept(context => context.Response.WriteAsync("{\"source_kme_id\":\"carol\"}"), "/status");

        Assert.Equal(
            KeyDeliveryOutcome.MalformedAnswer, (await Client(kme, Sam).GetStatusAsync(Sofia, TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task The_bare_SAE_ID_is_the_callers_identity()
    {
        await using var kme = await TestKme.StartAsync();

        await Client(kme, Sam).GetStatusAsync(Sofia, TestContext.Current.CancellationToken);

        Assert.Equal("sam", kme.LatestHeaders["Authorization"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task The_slave_gets_the_masters_keys_in_the_order_of_their_IDs(int number)
    {
        await using var kme = await TestKme.StartAsync();
        using var masters = (await Client(kme, Sam).GetKeysAsync(Sofia, number, 192, TestContext.Current.CancellationToken)).Value!;
        var ids = masters.Keys.Select(key => key.KeyId).ToList();

        using var slaves = (await Client(kme, Sofia).GetKeysWithIdsAsync(Sam, ids, TestContext.Current.CancellationToken)).Value!;

        Assert.Equal(number, masters.Keys.Count);
        Assert.Equal(ids, slaves.Keys.Select(key => key.KeyId));
        Assert.All(masters.Keys.Zip(slaves.Keys), keys =>
        {
            Assert.Equal(192, keys.First.SizeBits);
            Assert.True(keys.First.Key.FixedTimeEquals(keys.Second.Key));
        });
    }

    [Fact]
    public async Task A_key_can_be_had_once()
    {
        await using var kme = await TestKme.StartAsync();
        using var keys = (await Client(kme, Sam).GetKeysAsync(Sofia, 1, 256, TestContext.Current.CancellationToken)).Value!;
        var ids = new[] { keys.Keys[0].KeyId };
        using var first = (await Client(kme, Sofia).GetKeysWithIdsAsync(Sam, ids, TestContext.Current.CancellationToken)).Value!;

        var again = await Client(kme, Sofia).GetKeysWithIdsAsync(Sam, ids, TestContext.Current.CancellationToken);

        Assert.Equal(KeyDeliveryOutcome.BadRequest, again.Outcome);
        Assert.Equal("one or more keys specified are not found on KME", again.Message);
        Assert.Equal("BadRequest: one or more keys specified are not found on KME", again.ToString());
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_not_read_to_its_end()
    {
        await using var kme = await TestKme.StartAsync();
        kme.Intercept(async context =>
        {
            var chunk = new byte[1024 * 1024];
            chunk.AsSpan().Fill((byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk);
            }
        });

        var result = await Client(kme, Sam).GetKeysAsync(Sofia, 1, 256, TestContext.Current.CancellationToken);

        Assert.Equal(KeyDeliveryOutcome.MalformedAnswer, result.Outcome);
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_outcome()
    {
        await using var kme = await TestKme.StartAsync();
        using var cancellation = new CancellationTokenSource();
        kme.Intercept(async context =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client(kme, Sam).GetKeysAsync(Sofia, 1, 256, cancellation.Token));
    }

    [Fact]
    public async Task Misuse_is_refused()
    {
        using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:9") };
        var client = new KeyDeliveryClient(http, new KeyDeliveryClientOptions { Caller = Sam }, TimeProvider.System);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.GetKeysAsync(Sofia, 0, 256, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.GetKeysAsync(Sofia, 1, 0, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetKeysWithIdsAsync(Sofia, [], TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetKeysWithIdsAsync(Sofia, [Guid.Empty, Guid.Empty], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_client_of_DSKE_has_a_path_of_its_own() =>
        Assert.Equal("/client/carol/etsi/api/v1/keys", KeyDeliveryPath.OfClient(NodeName.Parse("carol")));

    private static KeyDeliveryClient Client(TestKme kme, SaeId caller) =>
        new(new HttpClient { BaseAddress = kme.Url }, new KeyDeliveryClientOptions { Caller = caller }, TimeProvider.System);
}
