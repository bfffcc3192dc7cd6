using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Tests.Services;

namespace Dske.Tests.Network;

/// <summary>One establishment is one trace: encryptor, client, a span for each hub, the hub's own span; the same at the far side.</summary>
[Collection(nameof(WholeProcess))]
[Trait("Tier", "Network")]
public sealed class TraceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task The_trace_of_an_establishment_fans_out_over_all_hubs_and_comes_together_again()
    {
        using var spans = new SpanCollector();
        await using var network = await LoopbackNetwork.StartAsync();
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        using var answer = await network.Sam.Client.PostAsJsonAsync("/encryptor/sam/api/v1/keys", new { peer = "sofia" }, Cancellation);

        var established = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(established.GetProperty("confirmed").GetBoolean(), established.ToString());
        var keyId = established.GetProperty("keys")[0].GetProperty("key_ID").GetString();
        // The server's spans lie between a hub's own and the client's, and may be the last to end.
        var trace = await spans.UntilAsync(root.TraceId, soFar =>
            soFar.Count(span => span.OperationName is "dske.share.relay" or "dske.share.collect" or "dske.share.store" or "dske.share.deliver") >= 20
            && soFar.All(span => span.ParentSpanId == root.SpanId || soFar.Any(other => other.SpanId == span.ParentSpanId)));

        var byId = trace.ToDictionary(span => span.SpanId);
        AssertFanOut("dske.share.relay", "dske.share.store", "dske.key.establish", "carol");
        AssertFanOut("dske.share.collect", "dske.share.deliver", "dske.key.collect", "conny");

        void AssertFanOut(string atClient, string atHub, string above, string client)
        {
            var parent = Assert.Single(trace, span => span.OperationName == above);
            Assert.Equal("Dske.Client", parent.Source.Name);
            Assert.Equal(client, parent.GetTagItem("dske.client"));
            Assert.Contains(Ancestors(parent), span => span.Source.Name == "Dske.Encryptor");
            for (var i = 0; i < LoopbackNetwork.HubNames.Length; i++)
            {
                var hub = LoopbackNetwork.HubNames[i];
                var exchange = Assert.Single(trace, span => span.OperationName == atClient && hub.Equals(span.GetTagItem("dske.hub")));
                Assert.Equal(parent.SpanId, exchange.ParentSpanId);
                Assert.Equal(i, exchange.GetTagItem("dske.share.index"));
                Assert.Equal("ok", exchange.GetTagItem("dske.outcome"));

                var handling = Assert.Single(trace, span => span.OperationName == atHub && hub.Equals(span.GetTagItem("dske.hub")));
                Assert.Equal("Dske.Hub", handling.Source.Name);
                Assert.Equal("ok", handling.GetTagItem("dske.outcome"));
                Assert.Equal(i, handling.GetTagItem("dske.share.index"));
                Assert.Equal(keyId, handling.GetTagItem("dske.key.id")?.ToString());
                Assert.Contains(exchange, Ancestors(handling));
            }
        }

        IEnumerable<Activity> Ancestors(Activity span)
        {
            while (byId.TryGetValue(span.ParentSpanId, out var parent))
            {
                yield return span = parent;
            }
        }
    }
}
