using System.Text;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;

namespace Dske.Tests.Vectors;

/// <summary>
/// Every request to a hub in <c>wire.json</c>, asked of our hubs. They hold the recorded PSRD, so that many answers come out byte by byte.
/// </summary>
[Trait("Tier", "Vectors")]
public sealed class WireHubTests
{
    // What our hubs make of the requests of each step: why they are refused (null: they are not), and what PSRD of the client it costs. A
    // dash marks what the reference does otherwise, a question mark what differs while nobody has claimed the slave SAE "tom".
    private static readonly Dictionary<string, Expectation> Steps = new()
    {
        ["onboarding"] = new(null, Spent.Nothing),
        ["enc_keys default size"] = new(null, Spent.KeyAndPad),
        ["dec_keys"] = new(null, Spent.Key),
        ["dec_keys again (same key ID, second fetch)"] = new(null, Spent.Key),
        ["enc_keys size=256"] = new(null, Spent.KeyAndPad),
        ["dec_keys of the 256-bit key"] = new(null, Spent.Key),
        ["dec_keys by the wrong client (celia, serena) with a key ID made for sofia"] = new(DskeError.ShareNotYours, Spent.Key), // -
        ["dec_keys at connie with an Authorization that is no encryptor of connie"] = new(DskeError.ShareNotYours, Spent.Key), // -
        ["enc_keys without Authorization at a client with one encryptor"] = new(null, Spent.KeyAndPad),
        ["enc_keys with an Authorization that is no encryptor of carol"] = new(DskeError.MasterSaeNotOwned, Spent.KeyAndPad),
        ["enc_keys for a slave SAE that does not exist"] = new(DskeError.SlaveSaeUnknown, Spent.KeyAndPad), // -
        ["enc_keys with number=2"] = new(null, Spent.KeyAndPad),
        ["dec_keys with a key ID nobody knows"] = new(DskeError.ShareUnknown, Spent.Key),
        ["psrd for a client that never registered"] = new(DskeError.ClientNotRegistered, Spent.Nothing),
        ["registration of a hand-made client"] = new(null, Spent.Nothing),
        ["registration of the same client again (overwrites, pools emptied)"] = new(null, Spent.Nothing),
        ["registration with a missing member"] = new(DskeError.MalformedMessage, Spent.Nothing),
        ["psrd size=0"] = new(DskeError.PsrdSizeOutOfRange, Spent.Nothing),
        ["psrd with a wrong pool_owner"] = new(DskeError.MalformedMessage, Spent.Nothing),
        ["psrd client-owned, 1000 bytes, hand-made client"] = new(null, Spent.Nothing),
        ["psrd hub-owned, 1000 bytes, hand-made client"] = new(null, Spent.Nothing),
        ["POST key-share, hand-made client, accepted"] = new(null, Spent.KeyAndPad, WhileTomIsUnknown: DskeError.SlaveSaeUnknown), // ?
        ["POST key-share, exact replay"] = new(DskeError.PsrdAlreadyUsed, Spent.Nothing),
        ["POST key-share, wrong signature"] = new(DskeError.SignatureInvalid, Spent.Nothing),
        ["POST key-share, the published guide's ';' separator"] = new(DskeError.MalformedMessage, Spent.Nothing),
        ["POST key-share, no DSKE-Signature header"] = new(DskeError.SignatureMissing, Spent.Nothing),
        ["POST key-share, unknown block in the signature"] = new(DskeError.PsrdUnknownBlock, Spent.Nothing),
        ["POST key-share, malformed allocation in the signature"] = new(DskeError.SignatureMalformed, Spent.Nothing),
        ["POST key-share, signature allocation beyond the block"] = new(DskeError.PsrdInvalidRange, Spent.Nothing),
        ["POST key-share, master SAE not registered for the client"] = new(DskeError.MasterSaeNotOwned, Spent.KeyAndPad),
        ["POST key-share, client not registered"] = new(DskeError.ClientNotRegistered, Spent.Nothing),
        ["POST key-share, encryption key already used"] = new(DskeError.PsrdAlreadyUsed, Spent.Key),
        ["POST key-share, the published guide's start_byte"] = new(DskeError.MalformedMessage, Spent.Nothing),
        ["POST key-share, key ID no UUID"] = new(DskeError.MalformedMessage, Spent.Nothing),
        ["POST key-share, encryption key shorter than the share"] = new(DskeError.PsrdInvalidRange, Spent.Key),
        ["POST key-share, unknown extra member"] = new(DskeError.MalformedMessage, Spent.Nothing),
        ["POST key-share, share_index 300"] = new(DskeError.ShareIndexOutOfRange, Spent.KeyAndPad, WhileTomIsUnknown: DskeError.SlaveSaeUnknown), // - ?
        ["POST key-share signed with an EMPTY key (allocation of size 0): accepted"] = new(DskeError.SignatureMalformed, Spent.Nothing), // -
        ["GET key-share, hand-made client, accepted"] = new(null, Spent.Key, WhileTomIsUnknown: DskeError.ShareUnknown), // ?
        ["GET key-share without SAE names: accepted"] = new(DskeError.MalformedMessage, Spent.Nothing), // -
        ["GET key-share by a client that is not the key's receiver: accepted"] = new(DskeError.ShareNotYours, Spent.Key), // -
        ["GET key-share, unknown key ID"] = new(DskeError.ShareUnknown, Spent.Key),
        ["GET key-share, key ID no UUID"] = new(DskeError.MalformedMessage, Spent.Nothing),
        ["GET key-share, client not registered"] = new(DskeError.ClientNotRegistered, Spent.Nothing),
        ["GET key-share, wrong signature"] = new(DskeError.SignatureInvalid, Spent.Nothing),
    };

    // The guide's parameter name is refused by the reference and read by our hubs, which hand out a block then; it would be one that the
    // capture does not have.
    private const string ReadHereAlone = "psrd with the published guide's parameter name owner";

    private enum Spent
    {
        Nothing,
        Key,
        KeyAndPad,
    }

    [Theory]
    [InlineData('A', false, 137, 84, 30)]
    [InlineData('A', true, 137, 86, 31)]
    [InlineData('B', false, 30, 30, 16)]
    public async Task A_hub_answers_as_recorded_or_refuses_what_has_to_be_refused(char letter, bool tomIsKnown, int asked, int accepted, int toTheByte)
    {
        var capture = WireVectors.Of(letter);
        var further = tomIsKnown ? new Dictionary<string, string> { ["tester"] = "tom" } : [];
        using var hubs = new RecordedHubs(capture, further);
        using var clients = new RecordedClients();
        var diverged = new HashSet<(string Client, string Hub)>();
        var counts = (Asked: 0, Accepted: 0, ToTheByte: 0);
        foreach (var (step, exchange) in capture.ExchangesWithHubs)
        {
            if (step == ReadHereAlone || exchange.Kind == "hub GET status")
            {
                continue;
            }

            var expected = ExpectationOf(letter, step, exchange, tomIsKnown);
            var before = hubs.Unused(exchange.Receiver, exchange.Sender);
            counts.Asked++;
            counts.Accepted += expected.Error is null ? 1 : 0;
            if (!exchange.IsInBand)
            {
                AssertOutOfBand(hubs, clients, exchange, expected);
                continue;
            }

            var answer = await hubs.AskAsync(exchange);

            Assert.Equal((exchange.Id, expected.Error), (exchange.Id, answer.Error));
            var after = hubs.Unused(exchange.Receiver, exchange.Sender);
            Assert.Equal(
                (exchange.Id, Cost(expected, exchange)),
                (exchange.Id, (before.ClientOwned - after.ClientOwned, before.HubOwned - after.HubOwned)));
            if (answer.Error is { } error)
            {
                AssertRefused(clients, exchange, answer, error);
                if (exchange.Response.Signature is not null)
                {
                    // The reference spent PSRD on its answer: from here on its pool and ours are at different places.
                    diverged.Add((exchange.Sender, exchange.Receiver));
                }

                continue;
            }

            AssertAccepted(clients, exchange, answer);
            if (!diverged.Contains((exchange.Sender, exchange.Receiver)))
            {
                Assert.Equal(exchange.Response.Signature, answer.Signature);
                Assert.Equal(exchange.Response.Body, Encoding.UTF8.GetString(answer.Body.Span));
                counts.ToTheByte++;
            }
        }

        Assert.True(hubs.HaveIssuedEverything);
        Assert.Equal((asked, accepted, toTheByte), counts);
    }

    [Fact]
    public void Every_step_with_a_request_to_a_hub_has_an_expectation_and_every_expectation_a_step()
    {
        var steps = WireVectors.Of('A').ExchangesWithHubs.Select(exchange => exchange.Step).Distinct();

        Assert.Equal(steps.Order(), Steps.Keys.Append(ReadHereAlone).Append("hub status").Order());
    }

    [Fact]
    public void The_guides_parameter_name_is_read_here()
    {
        var exchange = WireVectors.Of('A').Exchanges.Single(exchange => exchange.Step == ReadHereAlone).Exchange;

        Assert.Equal("client_name=tester&owner=client&size=100", exchange.Request.Query);
        Assert.True(Dske.Hub.Endpoints.PsrdApi.TryParseOwner("client", null, out var owner));
        Assert.Equal(Protocol.Psrd.PoolOwner.Client, owner);
    }

    private static Expectation ExpectationOf(char letter, string step, WireVectors.Exchange exchange, bool tomIsKnown)
    {
        if (letter == 'B')
        {
            return new Expectation(null, !exchange.IsInBand ? Spent.Nothing : exchange.Request.Method == "POST" ? Spent.KeyAndPad : Spent.Key);
        }

        var expected = Steps[step];
        return !tomIsKnown && expected.WhileTomIsUnknown is { } error ? expected with { Error = error } : expected;
    }

    private static (long ClientOwned, long HubOwned) Cost(Expectation expected, WireVectors.Exchange exchange)
    {
        var share = exchange.Check?.Share?.Length ?? 0;
        var client = expected.Spent switch { Spent.Nothing => 0, Spent.Key => 32, _ => 32 + share };
        return (client, expected.Error is not null ? 0 : exchange.Request.Method == "GET" ? 32 + share : 32);
    }

    private static void AssertOutOfBand(RecordedHubs hubs, RecordedClients clients, WireVectors.Exchange exchange, Expectation expected)
    {
        var (error, body) = hubs.AskOutOfBand(exchange);

        Assert.Equal((exchange.Id, expected.Error), (exchange.Id, error));
        Assert.Equal(error is null, exchange.Response.Status == 200);
        if (error is null)
        {
            Assert.Equal(exchange.Response.Body, body);
            if (exchange.HandsOutPsrd)
            {
                clients.Add(exchange);
            }
        }
    }

    /// <summary>A client of the reference's dialect accepts the answer, and finds the recorded share in it.</summary>
    private static void AssertAccepted(RecordedClients clients, WireVectors.Exchange exchange, HubAnswer answer)
    {
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        var reply = clients.Read(exchange, answer);
        using var share = reply.Share;
        Assert.Equal(HubAnswerKind.Accepted, reply.Kind);
        if (exchange.Request.Method == "GET")
        {
            Assert.Equal(exchange.Check!.ShareIndex, share!.Index);
            Assert.Equal(exchange.Check.Share, share.Value.Span.ToArray());
        }
    }

    /// <summary>The answer is no failure of the hub, unsigned as the reference's are, and worded in the dialect of the request.</summary>
    private static void AssertRefused(RecordedClients clients, WireVectors.Exchange exchange, HubAnswer answer, DskeError error)
    {
        Assert.Equal(DskeErrors.GetStatus(error), answer.Status);
        Assert.InRange(answer.Status, 400, 499);
        Assert.Null(answer.Signature);
        Assert.True(
            MessageJson.TryRead<ReferenceErrorAnswer>(answer.Body.Span, Dialect.Reference, out _)
            || MessageJson.TryRead<ErrorAnswer>(answer.Body.Span, Dialect.Guide, out _));
        Assert.Equal(HubAnswerKind.None, clients.Read(exchange, answer).Kind);
    }

    private sealed record Expectation(DskeError? Error, Spent Spent, DskeError? WhileTomIsUnknown = null);
}
