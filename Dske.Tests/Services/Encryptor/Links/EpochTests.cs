using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>What sofia answers to hellos that the test makes itself, with keys of the test KME.</summary>
[Trait("Tier", "Services")]
public sealed class EpochTests
{
    [Fact]
    public async Task A_hello_is_answered_once_and_then_with_the_same()
    {
        await using var pair = await LinkedPair.StartAsync();
        var hello = await HelloAsync(pair, await InstanceAsync(pair), NewInstance(), 1);
        using var first = await SendAsync(pair, hello);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var accept = await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(LinkConfirmation.TryRead(accept, out var confirmation));
        Assert.Equal((LinkMessageType.Accept, 1L), (confirmation.Type, confirmation.Epoch));

        var asked = pair.Kme.DecRequests;
        using var second = await SendAsync(pair, hello);
        Assert.Equal(accept, await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(asked, pair.Kme.DecRequests);
    }

    [Fact]
    public async Task Hellos_that_are_old_or_of_a_replaced_instance_are_refused_without_asking_the_kme()
    {
        await using var pair = await LinkedPair.StartAsync();
        var sofia = await InstanceAsync(pair);
        var (instance, later) = (NewInstance(), NewInstance());
        var old = await HelloAsync(pair, sofia, instance, 1);
        foreach (var hello in new[] { old, await HelloAsync(pair, sofia, instance, 2), await HelloAsync(pair, sofia, later, 1) })
        {
            using var accepted = await SendAsync(pair, hello);
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        }

        var asked = pair.Kme.DecRequests;
        foreach (var hello in new[] { old, await HelloAsync(pair, sofia, instance, 3) })
        {
            await AssertRefusedAsync(pair, hello, HttpStatusCode.Conflict, "link-replayed");
        }

        await AssertRefusedAsync(pair, await HelloAsync(pair, Guid.Empty, later, 2), HttpStatusCode.Conflict, "link-instance");
        Assert.Equal(asked, pair.Kme.DecRequests);
        var link = await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam");
        Assert.Equal(2, link!.Value.GetProperty("rejected").GetProperty("hello_replayed").GetInt64());
        Assert.Equal(1, link.Value.GetProperty("epoch").GetInt64());
    }

    [Fact]
    public async Task A_changed_hello_is_refused_and_changes_nothing()
    {
        await using var pair = await LinkedPair.StartAsync();
        var sofia = await InstanceAsync(pair);
        var changed = await HelloAsync(pair, sofia, NewInstance(), 1);
        changed[51]++;
        await AssertRefusedAsync(pair, changed, HttpStatusCode.Conflict, "key-not-confirmed");
        var link = await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam");
        Assert.Equal(("connecting", 0L), (link!.Value.GetProperty("state").GetString(), link.Value.GetProperty("epoch").GetInt64()));
        Assert.Equal(1, link.Value.GetProperty("rejected").GetProperty("hello_forged").GetInt64());
    }

    [Fact]
    public async Task Each_hello_costs_keys_so_there_are_not_too_many()
    {
        // However long that takes here, no time passes in which more would be allowed.
        await using var pair = await LinkedPair.StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var sofia = await InstanceAsync(pair);
        pair.Kme.Intercept(context =>
        {
            context.Response.StatusCode = 400;
            return Task.CompletedTask;
        }, "dec_keys");
        var hellos = new List<byte[]>();
        for (var i = 0; i < 30; i++)
        {
            hellos.Add(await HelloAsync(pair, sofia, NewInstance(), 1));
        }

        var statuses = await Task.WhenAll(hellos.Select(async hello =>
        {
            using var answer = await SendAsync(pair, hello);
            return answer.StatusCode;
        }));

        Assert.Equal((10, 20), (statuses.Count(status => status == HttpStatusCode.BadRequest), statuses.Count(status => status == HttpStatusCode.TooManyRequests)));
    }

    [Theory]
    [InlineData("links/mallory/epochs", HttpStatusCode.Forbidden, "unknown-peer")]
    [InlineData("links/sam/epochs", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task Rubbish_and_strangers_are_refused(string path, HttpStatusCode status, string type)
    {
        await using var pair = await LinkedPair.StartAsync();
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await pair.Sofia.Client.PostAsync($"/encryptor/sofia/api/v1/{path}", content, TestContext.Current.CancellationToken);
        await AssertProblemAsync(answer, status, type);
        using var stream = await pair.Sofia.Client.GetAsync("/encryptor/sofia/api/v1/links/sam/streams", TestContext.Current.CancellationToken);
        await AssertProblemAsync(stream, HttpStatusCode.UpgradeRequired, "not-upgraded");
    }

    private static Guid NewInstance() => StreamNonces.Draw(SystemEntropySource.Instance);

    private static async Task AssertRefusedAsync(LinkedPair pair, byte[] hello, HttpStatusCode status, string type)
    {
        using var answer = await SendAsync(pair, hello);
        await AssertProblemAsync(answer, status, type);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal((status, $"urn:dske:error:{type}"), (answer.StatusCode, problem.GetProperty("type").GetString()));
    }

    private static Task<HttpResponseMessage> SendAsync(LinkedPair pair, byte[] message)
    {
        var content = new ByteArrayContent(message);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return pair.Sofia.Client.PostAsync("/encryptor/sofia/api/v1/links/sam/epochs", content, TestContext.Current.CancellationToken);
    }

    private static async Task<Guid> InstanceAsync(LinkedPair pair)
    {
        using var answer = await SendAsync(pair, await HelloAsync(pair, Guid.Empty, NewInstance(), 1));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return problem.GetProperty("instance_ID").GetGuid();
    }

    // As sam's encryptor would, with a fresh key of the KME.
    private static async Task<byte[]> HelloAsync(LinkedPair pair, Guid responder, Guid instance, long epoch)
    {
        using var http = new HttpClient { BaseAddress = pair.Kme.Url };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "sam");
        var made = (await http.GetFromJsonAsync<JsonElement>("/api/v1/keys/sofia/enc_keys?number=1&size=256", TestContext.Current.CancellationToken)).GetProperty("keys")[0];
        var hello = new LinkHello
        {
            Cipher = LinkCipher.Aes256Gcm,
            InitiatorInstance = instance,
            ResponderInstance = responder,
            Epoch = epoch,
            MaxKeyAgeSeconds = 3600,
            KeyBytes = 32,
            InitiatorKeys = 0,
            Initiator = SaeId.Parse("sam"),
            Responder = SaeId.Parse("sofia"),
            KeyIds = [made.GetProperty("key_ID").GetGuid()],
        };
        return Unit.SecureLinks.LinkSample.Write(hello, made.GetProperty("key").GetBytesFromBase64());
    }
}
