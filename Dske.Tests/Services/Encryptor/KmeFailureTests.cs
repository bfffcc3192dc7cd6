using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Services.Encryptor;

/// <summary>What an encryptor answers when its KME, or that of its peer, fails in each of the ways it can.</summary>
[Trait("Tier", "Services")]
public sealed class KmeFailureTests
{
    private const string Id = "bc490419-7d60-487f-adc1-4ddcc177c139";
    private const string Key256 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static TheoryData<HttpStatusCode, string, HttpStatusCode, string> Refusals => new()
    {
        { HttpStatusCode.BadRequest, "{\"message\":\"size not served\"}", HttpStatusCode.BadRequest, "kme-refused" },
        { HttpStatusCode.BadRequest, "<html>", HttpStatusCode.BadRequest, "kme-refused" },
        { HttpStatusCode.Unauthorized, "", HttpStatusCode.Forbidden, "kme-unauthorized" },
        { HttpStatusCode.ServiceUnavailable, "{\"message\":\"too few hubs\"}", HttpStatusCode.ServiceUnavailable, "kme-unavailable" },
        { HttpStatusCode.InternalServerError, "", HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.NotFound, "{}", HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.Found, "", HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.OK, "", HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.OK, "no json", HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.OK, "{\"keys\":[]}", HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.OK, Container((Id, "AAAA")), HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.OK, Container((Id, Key256), (Id, Key256)), HttpStatusCode.BadGateway, "kme-bad-answer" },
        { HttpStatusCode.OK, "{\"keys\":[{\"key_ID\":\"x\",\"key\":\"" + Key256 + "\"}]}", HttpStatusCode.BadGateway, "kme-bad-answer" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_the_initiators_KME_answers_has_a_status_of_its_own(
        HttpStatusCode status, string body, HttpStatusCode expected, string type)
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Answer(status, body);

        var problem = await EncryptorPair.AssertProblemAsync(await pair.EstablishAsync(new { peer = "sofia" }), expected, type);

        Assert.False(problem.GetProperty("confirmed").GetBoolean());
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sam, "sam"));
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sofia, "sofia"));
    }

    [Fact]
    public async Task The_same_ID_twice_is_no_key_delivery()
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Answer(HttpStatusCode.OK, Container((Id, Key256), (Id, Key256)));

        await EncryptorPair.AssertProblemAsync(
            await pair.EstablishAsync(new { peer = "sofia", number = 2 }), HttpStatusCode.BadGateway, "kme-bad-answer");
    }

    [Fact]
    public async Task The_KMEs_message_and_its_wish_to_wait_are_passed_on()
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Answer(HttpStatusCode.ServiceUnavailable, "{\"message\":\"too few\\u0007 hubs\"}", ("Retry-After", "7"));

        var response = await pair.EstablishAsync(new { peer = "sofia" });

        var problem = await EncryptorPair.AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "kme-unavailable");
        Assert.EndsWith("It says: too few hubs", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_KME_that_names_no_time_is_to_be_asked_again_in_a_second()
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Answer(HttpStatusCode.ServiceUnavailable, "{\"message\":\"too few hubs\"}");

        Assert.Equal(TimeSpan.FromSeconds(1), (await pair.EstablishAsync(new { peer = "sofia" })).Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_KME_is_asked_once_even_when_it_says_503()
    {
        await using var pair = await EncryptorPair.StartAsync();
        var requests = 0;
        pair.Kme.Intercept(context =>
        {
            requests++;
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });

        await pair.EstablishAsync(new { peer = "sofia" });

        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task A_KME_that_is_not_there_is_unreachable()
    {
        await using var pair = await EncryptorPair.StartAsync();
        await pair.Kme.DisposeAsync();

        await EncryptorPair.AssertProblemAsync(
            await pair.EstablishAsync(new { peer = "sofia" }), HttpStatusCode.ServiceUnavailable, "kme-unreachable");
    }

    [Fact]
    public async Task A_KME_that_hangs_up_in_the_middle_of_its_answer_is_unreachable()
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Intercept(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"keys\":[{\"key\":\"" + Key256);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        await EncryptorPair.AssertProblemAsync(
            await pair.EstablishAsync(new { peer = "sofia" }), HttpStatusCode.ServiceUnavailable, "kme-unreachable");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_KME_that_hangs_before_or_within_its_answer_times_out(bool within)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var pair = await EncryptorPair.StartAsync(time);
        var asked = new TaskCompletionSource();
        pair.Kme.Intercept(async context =>
        {
            if (within)
            {
                await context.Response.WriteAsync("{\"keys\":[");
                await context.Response.Body.FlushAsync();
            }

            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        var establishing = pair.EstablishAsync(new { peer = "sofia" });
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(10));

        await EncryptorPair.AssertProblemAsync(await establishing, HttpStatusCode.GatewayTimeout, "kme-timed-out");
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "{\"message\":\"one or more keys specified are not found on KME\"}", HttpStatusCode.BadGateway, "peer-refused")]
    [InlineData(HttpStatusCode.Unauthorized, "", HttpStatusCode.BadGateway, "peer-refused")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "{\"message\":\"too few hubs\"}", HttpStatusCode.ServiceUnavailable, "peer-unavailable")]
    [InlineData(HttpStatusCode.OK, "{\"keys\":[]}", HttpStatusCode.BadGateway, "peer-refused")]
    public async Task What_the_responders_KME_answers_reaches_the_initiators_caller(
        HttpStatusCode status, string body, HttpStatusCode expected, string type)
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Intercept(
            async context =>
            {
                context.Response.StatusCode = (int)status;
                await context.Response.WriteAsync(body);
            },
            "/dec_keys");

        var problem = await EncryptorPair.AssertProblemAsync(await pair.EstablishAsync(new { peer = "sofia" }), expected, type);

        Assert.Contains("It says: The KME", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sam, "sam"));
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sofia, "sofia"));
    }

    [Fact]
    public async Task Keys_that_differ_at_the_two_ends_are_discarded_at_both()
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Corruption = key => key[^1] ^= 1;

        var problem = await EncryptorPair.AssertProblemAsync(
            await pair.EstablishAsync(new { peer = "sofia", number = 2 }), HttpStatusCode.Conflict, "key-not-confirmed");

        Assert.False(problem.GetProperty("confirmed").GetBoolean());
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sam, "sam"));
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sofia, "sofia"));
    }

    [Fact]
    public async Task An_encryptor_recovers_with_its_KME()
    {
        await using var pair = await EncryptorPair.StartAsync();
        pair.Kme.Answer(HttpStatusCode.ServiceUnavailable, "{}");
        await pair.EstablishAsync(new { peer = "sofia" });
        pair.Kme.Interceptor = null;

        Assert.Equal(HttpStatusCode.OK, (await pair.EstablishAsync(new { peer = "sofia" })).StatusCode);
    }

    private static string Container(params (string Id, string Key)[] keys) =>
        "{\"keys\":[" + string.Join(',', keys.Select(key => $"{{\"key_ID\":\"{key.Id}\",\"key\":\"{key.Key}\"}}")) + "]}";
}
