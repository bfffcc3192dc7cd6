using System.Text;
using System.Text.Json;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Vectors;

/// <summary>
/// Every answer of a hub in <c>wire.json</c>, read by our clients, and every request of the reference's clients, written by ours.
/// </summary>
[Trait("Tier", "Vectors")]
public sealed class WireClientTests
{
    // What the reference's unsigned sentences hint at. Nothing else of an error answer is understood, and nothing of it is believed.
    private static readonly Dictionary<string, DskeError> Hints = new()
    {
        ["POST key-share, unknown block in the signature"] = DskeError.PsrdUnknownBlock,
        ["POST key-share, client not registered"] = DskeError.ClientNotRegistered,
        ["GET key-share, client not registered"] = DskeError.ClientNotRegistered,
    };

    // Requests that no client program sent: made by hand, most of them wrong on purpose.
    private static readonly string[] HandMade = ["tester", "ghost"];

    [Theory]
    [InlineData('A', 56, 28)]
    [InlineData('B', 16, 0)]
    public void A_client_accepts_every_signed_answer_and_finds_the_recorded_share(char letter, int accepted, int errors)
    {
        var counts = (Accepted: 0, Errors: 0);
        using var clients = new RecordedClients();
        foreach (var (step, exchange) in WireVectors.Of(letter).Exchanges)
        {
            if (exchange.HandsOutPsrd)
            {
                clients.Add(exchange);
            }
            else if (exchange.IsInBand)
            {
                var session = clients[exchange.Sender, exchange.Receiver];
                var available = session.HubOwned.AvailableBytes;
                var reply = clients.ReadRecorded(exchange);
                using var share = reply.Share;
                var used = available - session.HubOwned.AvailableBytes;
                if (exchange.Response.Status == 200)
                {
                    counts.Accepted++;
                    AssertAccepted(exchange, reply, used);
                    Assert.Equal(HubReply.Nothing, clients.ReadRecorded(exchange));
                    Assert.Equal(available - used, session.HubOwned.AvailableBytes);
                }
                else
                {
                    counts.Errors++;
                    var expected = new HubReply(HubAnswerKind.None, Hints.TryGetValue(step, out var hint) ? hint : null);
                    Assert.Equal((exchange.Id, expected), (exchange.Id, reply));
                    Assert.Equal(0, used);
                }
            }
        }

        Assert.Equal((accepted, errors), counts);
    }

    [Fact]
    public void The_shares_that_a_client_collects_rebuild_the_key_whichever_three_come_first()
    {
        var capture = WireVectors.Of('A');
        var scheme = new ShamirScheme(RecordedPsrd.Network.HubNames.Count, RecordedPsrd.Network.Threshold);
        using var clients = new RecordedClients();
        capture.Onboarding.Where(exchange => exchange.HandsOutPsrd).ToList().ForEach(clients.Add);
        var collected = 0;
        foreach (var step in capture.Steps.Where(step => step.Result is not null && step.Exchanges[0].Request.Method == "GET"))
        {
            using var collector = new ShareCollector(scheme);
            var outcomes = step.Exchanges.Where(exchange => exchange.IsInBand)
                .Select(exchange => collector.Add(clients.ReadRecorded(exchange).Share!)).ToList();

            Assert.Equal([CollectOutcome.Kept, CollectOutcome.Kept, CollectOutcome.Recovered], outcomes[..3]);
            Assert.Equal([CollectOutcome.AlreadyRecovered, CollectOutcome.AlreadyRecovered], outcomes[3..]);
            using var key = collector.TakeSecret();
            Assert.Equal(step.Result!.KeyHex, key.Span.ToArray());
            collected++;
        }

        Assert.Equal(5, collected);
    }

    [Theory]
    [InlineData('A', 60, 24)]
    [InlineData('B', 16, 0)]
    public void A_client_writes_the_recorded_requests_to_the_byte(char letter, int written, int handMade)
    {
        var counts = (Written: 0, HandMade: 0);
        using var clients = new RecordedClients();
        foreach (var (_, exchange) in WireVectors.Of(letter).Exchanges)
        {
            if (exchange.HandsOutPsrd)
            {
                clients.Add(exchange);
            }
            else if (exchange.IsInBand && HandMade.Contains(exchange.Sender))
            {
                counts.HandMade++;
            }
            else if (exchange.IsInBand)
            {
                var request = Write(clients[exchange.Sender, exchange.Receiver], exchange);

                Assert.Equal((exchange.Id, exchange.Request.Query), (exchange.Id, request.Query));
                Assert.Equal(exchange.Request.Body, Encoding.UTF8.GetString(request.Body.Span));
                Assert.Equal(exchange.Request.Signature, request.Signature);
                Assert.Equal(exchange.Request.Method == "POST", request.IsPost);
                counts.Written++;
            }
        }

        Assert.Equal((written, handMade), counts);
    }

    private static void AssertAccepted(WireVectors.Exchange exchange, HubReply reply, long used)
    {
        Assert.Equal((exchange.Id, HubAnswerKind.Accepted, (DskeError?)null), (exchange.Id, reply.Kind, reply.Error));
        Assert.Null(reply.PsrdAvailable);
        if (exchange.Request.Method == "POST")
        {
            Assert.Null(reply.Share);
            Assert.Equal(32, used);
            return;
        }

        Assert.Equal(exchange.Check!.ShareIndex, reply.Share!.Index);
        Assert.Equal(exchange.Check.Share, reply.Share.Value.Span.ToArray());
        Assert.Equal(32 + reply.Share.Value.Length, used);
    }

    private static OutgoingRequest Write(LinkSession session, WireVectors.Exchange exchange)
    {
        OutgoingRequest? request;
        if (exchange.Request.Method == "GET")
        {
            Assert.True(KeyShareQuery.TryParse(exchange.Request.Query, out var query));
            var wanted = new KeyDescription(
                NodeName.Parse(query.ClientName), query.KeyId, SaeId.Parse(query.MasterSaeId), SaeId.Parse(query.SlaveSaeId));
            Assert.Equal(PsrdOutcome.Ok, session.TryPrepareGet(wanted, out request));
            return request!;
        }

        var body = JsonDocument.Parse(exchange.Request.Body).RootElement;
        var key = new KeyDescription(
            NodeName.Parse(body.GetProperty("master_client_name").GetString()),
            body.GetProperty("user_key_id").GetGuid(),
            SaeId.Parse(body.GetProperty("master_sae_id").GetString()),
            SaeId.Parse(body.GetProperty("slave_sae_id").GetString()));
        using var share = new Share(exchange.Check!.ShareIndex!.Value, SecretBytes.CopyOf(exchange.Check.Share));
        Assert.Equal(PsrdOutcome.Ok, session.TryPreparePost(key, share, out request));
        return request!;
    }
}
