using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>What metrics and spans tell of a link after things that a test made happen.</summary>
[Trait("Tier", "Services")]
public sealed class LinkObservabilityTests
{
    private const string Prefix = "dske.encryptor.link.";
    private const string ToSofia = "dske.peer=sofia";
    private const string ToSam = "dske.peer=sam";

    [Fact]
    public async Task Metrics_tell_state_epoch_roll_overs_bytes_streams_and_the_time_to_the_next()
    {
        await using var pair = await LinkedPair.StartAsync();
        using var sam = Measure(pair.Sam);
        using var sofia = Measure(pair.Sofia);
        Assert.Null(sam.Observe(Prefix + "up", ToSofia));

        await pair.LinkAsync(new { roll_over_seconds = 3600, max_key_age_seconds = 7200 });

        await LinkedPair.UntilAsync(() => Task.FromResult(RollOvers(sam, "initiator", ToSofia) == 1 && RollOvers(sofia, "responder", ToSam) == 1), "the first epoch is counted");
        Assert.Equal((1, 1), (sam.Observe(Prefix + "up", ToSofia), sofia.Observe(Prefix + "up", ToSam)));
        Assert.Equal((1, 1), (sam.Observe(Prefix + "epoch", ToSofia), sofia.Observe(Prefix + "epoch", ToSam)));
        Assert.Equal((0, 0), (sam.Observe(Prefix + "streams", ToSofia), sofia.Observe(Prefix + "streams", ToSam)));
        Assert.InRange(sam.Observe(Prefix + "next_roll_over", ToSofia)!.Value, 3000, 3600);
        Assert.Null(sofia.Observe(Prefix + "next_roll_over", ToSam));
        Assert.Single(sam.Of(Prefix + "roll_over.duration"));
        Assert.Equal((0, 0), (sam.SumOf(Prefix + "failures"), sofia.SumOf(Prefix + "failures")));

        using var service = new TcpPeer();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        using var server = await service.AcceptAsync();
        var (sentBefore, receivedBefore) = (Bytes(sam, "sent"), Bytes(sam, "received"));
        await TcpPeer.SendAsync(client, new byte[1234]);
        Assert.Equal(1234, (await TcpPeer.ReadAsync(server, 1234)).Length);
        await TcpPeer.SendAsync(server, new byte[567]);
        Assert.Equal(567, (await TcpPeer.ReadAsync(client, 567)).Length);

        await LinkedPair.UntilAsync(
            () => Task.FromResult(Bytes(sam, "sent") - sentBefore == 1234 && Bytes(sam, "received") - receivedBefore == 567), "every byte is counted");
        Assert.Equal(Bytes(sam, "sent"), sofia.Observe(Prefix + "bytes", ToSam, "dske.direction=received"));
        Assert.Equal(Bytes(sam, "received"), sofia.Observe(Prefix + "bytes", ToSam, "dske.direction=sent"));
        Assert.Equal((1, 1), (sam.Observe(Prefix + "streams", ToSofia), sofia.Observe(Prefix + "streams", ToSam)));

        // From now on keys change each second.
        using var changed = await LinkedPair.PutAsync(pair.Sam, "sam", "links/sofia", new { roll_over_seconds = 1 });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await LinkedPair.UntilAsync(() => Task.FromResult(sam.Observe(Prefix + "epoch", ToSofia) >= 3 && sofia.Observe(Prefix + "epoch", ToSam) >= 3), "keys have changed");
        await LinkedPair.UntilAsync(() => Task.FromResult(RollOvers(sam, "initiator", ToSofia) >= 3 && RollOvers(sofia, "responder", ToSam) >= 3), "that is counted");
    }

    [Fact]
    public async Task Metrics_tell_failures_and_that_a_link_is_down_again()
    {
        await using var pair = await LinkedPair.StartAsync();
        using var sam = Measure(pair.Sam);
        using var sofia = Measure(pair.Sofia);
        pair.Kme.Intercept(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        }, "dec_keys");
        using var asked = await LinkedPair.PutAsync(pair.Sam, "sam", "links/sofia", new { });
        await LinkedPair.UntilAsync(
            () => Task.FromResult(sam.SumOf(Prefix + "failures", "dske.role=initiator", ToSofia) >= 1 && sofia.SumOf(Prefix + "failures", "dske.role=responder", ToSam) >= 1),
            "failures are counted at both ends");
        Assert.Equal((0, 0), (sam.Observe(Prefix + "up", ToSofia), sam.Observe(Prefix + "epoch", ToSofia)));
        Assert.Equal(0, RollOvers(sam, "initiator", ToSofia));

        pair.Kme.Interceptor = null;
        await pair.UntilUpAsync();
        Assert.Equal(1, sam.Observe(Prefix + "up", ToSofia));
        using var deleted = await pair.Sam.Client.DeleteAsync("/encryptor/sam/api/v1/links/sofia", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal((null, null), (sam.Observe(Prefix + "up", ToSofia), sofia.Observe(Prefix + "up", ToSam)));
    }

    [Fact]
    public async Task Metrics_tell_what_was_rejected_by_reason()
    {
        await using var pair = await LinkedPair.StartAsync(("Tunnels:Targets:0", "127.0.0.1:1"));
        using var sofia = Measure(pair.Sofia);
        await pair.LinkAsync();
        using var service = new TcpPeer();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        Assert.True(await TcpPeer.IsResetAsync(client));
        Assert.Equal(1, sofia.Observe(Prefix + "rejected", ToSam, "error.type=target"));
    }

    [Fact]
    public async Task An_epoch_is_one_trace_through_both_ends_without_a_secret_in_it()
    {
        using var spans = new SpanCollector("Dske.Encryptor");
        await using var pair = await LinkedPair.StartAsync();
        var parents = new ConcurrentQueue<string>();
        pair.Kme.Interceptor = context =>
        {
            parents.Enqueue(context.Request.Headers.TraceParent.ToString());
            return Task.FromResult(false);
        };
        await pair.LinkAsync();

        // The KME was asked by both ends in one trace: that is ours, whatever other tests do.
        await LinkedPair.UntilAsync(() => Task.FromResult(Traces().Any(trace => Epochs(trace).Count == 2)), "both ends' spans have ended");
        var trace = Traces().First(trace => Epochs(trace).Count == 2);
        Assert.Equal(2, parents.Count(parent => parent.Contains(trace.ToHexString(), StringComparison.Ordinal)));
        var initiator = Assert.Single(Epochs(trace), span => "initiator".Equals(span.GetTagItem("dske.role")));
        var responder = Assert.Single(Epochs(trace), span => "responder".Equals(span.GetTagItem("dske.role")));
        Assert.Equal(("sofia", "sam"), (initiator.GetTagItem("dske.peer"), responder.GetTagItem("dske.peer")));
        Assert.Equal((1L, 1L), (initiator.GetTagItem("dske.link.epoch"), responder.GetTagItem("dske.link.epoch")));
        Assert.NotEqual(default, responder.ParentSpanId);
        Assert.All([initiator, responder], span => Assert.Equal(ActivityStatusCode.Unset, span.Status));

        string[] told = [.. spans.Of(trace).SelectMany(static span => span.TagObjects.Select(static tag => $"{tag.Key} {tag.Value}").Append($"{span.DisplayName} {span.StatusDescription}"))];
        Assert.NotEmpty(told);
        foreach (var secret in pair.Kme.Keys.SelectMany(static key => new[] { Convert.ToBase64String(key), Convert.ToHexString(key), Convert.ToHexStringLower(key) }))
        {
            Assert.DoesNotContain(told, text => text.Contains(secret, StringComparison.Ordinal));
        }

        IEnumerable<ActivityTraceId> Traces() => parents.Select(static parent => ActivityTraceId.CreateFromString(parent.AsSpan(3, 32)));
        IReadOnlyList<Activity> Epochs(ActivityTraceId trace) => [.. spans.Of(trace).Where(static span => span.OperationName == "link epoch")];
    }

    [Fact]
    public async Task The_span_of_an_epoch_that_came_to_nothing_says_why()
    {
        using var spans = new SpanCollector("Dske.Encryptor");
        await using var pair = await LinkedPair.StartAsync();
        var parents = new ConcurrentQueue<string>();
        pair.Kme.Intercept(context =>
        {
            parents.Enqueue(context.Request.Headers.TraceParent.ToString());
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        using var asked = await LinkedPair.PutAsync(pair.Sam, "sam", "links/sofia", new { });
        await LinkedPair.UntilAsync(() => Task.FromResult(Failed().Any()), "an attempt has failed");
        Assert.Equal(ActivityStatusCode.Error, Failed().First().Status);
        Assert.Contains("KME", Failed().First().StatusDescription, StringComparison.Ordinal);

        IEnumerable<Activity> Failed() => spans.All.Where(span => span.OperationName == "link epoch"
            && parents.Any(parent => parent.Contains(span.TraceId.ToHexString(), StringComparison.Ordinal)));
    }

    private static MeasurementCollector Measure(EncryptorNode node) => new(node.Services.GetRequiredService<IMeterFactory>());

    private static double RollOvers(MeasurementCollector node, string role, string peer) => node.SumOf(Prefix + "roll_overs", $"dske.role={role}", peer);

    private static double Bytes(MeasurementCollector sam, string direction) => sam.Observe(Prefix + "bytes", ToSofia, $"dske.direction={direction}") ?? 0;
}
