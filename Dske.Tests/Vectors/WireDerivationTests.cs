using System.Text;
using System.Text.Json;
using Dske.Protocol.Authentication;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Vectors;

/// <summary>
/// What <c>wire.json</c> says that a reader can derive, derived: signing keys, signatures, pads, shares and keys. Pools are left out here, so
/// that the tests with engines stand on data that was checked by itself.
/// </summary>
[Trait("Tier", "Vectors")]
public sealed class WireDerivationTests
{
    public static TheoryData<char> Letters => ['A', 'B'];

    [Fact]
    public void Every_exchange_is_of_a_kind_that_is_looked_at()
    {
        Assert.Equal(
            [
                "client GET dec_keys 16", "client GET enc_keys 22", "client GET nope 1", "client GET status 1",
                "hub GET key-share 45", "hub GET psrd 48", "hub GET status 1", "hub POST key-share 55", "hub PUT registration 20",
            ],
            WireVectors.All.Captures.SelectMany(capture => capture.Exchanges)
                .GroupBy(exchange => exchange.Exchange.Kind).Select(kind => $"{kind.Key} {kind.Count()}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void Every_block_of_PSRD_is_the_one_that_was_handed_out(char letter)
    {
        var capture = WireVectors.Of(letter);
        var issued = new List<(string, string, string, Guid, string)>();
        foreach (var (_, exchange) in capture.Exchanges.Where(exchange => exchange.Exchange.HandsOutPsrd))
        {
            Assert.True(MessageJson.TryRead<PsrdAnswer>(Encoding.UTF8.GetBytes(exchange.Response.Body), Dialect.Reference, out var answer));
            var query = exchange.Request.Query.Split('&').ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=')[1]);
            Assert.Equal(int.Parse(query["size"], null), answer.Data.Length);
            issued.Add((exchange.Receiver, query["client_name"], query["pool_owner"], answer.BlockUuid, Convert.ToBase64String(answer.Data.Span)));
        }

        Assert.Equal(capture.PsrdBlocks.Select(block => (block.Hub, block.Client, block.Owner, block.BlockUuid, block.DataBase64)), issued);
        Assert.All(capture.PsrdBlocks, block => Assert.Equal(block.Size, Convert.FromBase64String(block.DataBase64).Length));
    }

    [Theory]
    [InlineData('A', 84, 56)]
    [InlineData('B', 16, 16)]
    public void Keys_signatures_and_shares_follow_from_the_PSRD(char letter, int exchanges, int answers)
    {
        var capture = WireVectors.Of(letter);
        var psrd = new RecordedPsrd(capture);
        var inBand = capture.Exchanges.Select(exchange => exchange.Exchange).Where(exchange => exchange.IsInBand).ToList();
        foreach (var exchange in inBand)
        {
            var check = exchange.Check!;
            var query = Encoding.UTF8.GetBytes(exchange.Request.Query);
            AssertSignature(psrd, exchange.Request.Signature, query, exchange.Request.Body, check.RequestSigningKey, check.RequestSignatureValid);
            AssertSignature(psrd, exchange.Response.Signature, [], exchange.Response.Body, check.ResponseSigningKey, check.ResponseSignatureValid);
            AssertShare(psrd, exchange, check);
        }

        Assert.Equal((exchanges, answers), (inBand.Count, inBand.Count(exchange => exchange.Check!.ResponseSignatureValid == true)));
        Assert.All(
            capture.Exchanges.Where(exchange => !exchange.Exchange.IsInBand),
            exchange => Assert.Null(exchange.Exchange.Check));
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void What_is_marked_as_spanning_blocks_does(char letter)
    {
        var marked = 0;
        foreach (var (_, exchange) in WireVectors.Of(letter).Exchanges.Where(exchange => exchange.Exchange.IsInBand))
        {
            List<string> spanning = [];
            AddIfSpanning(HeaderAllocation(exchange.Request.Signature), "request signing key");
            AddIfSpanning(HeaderAllocation(exchange.Response.Signature), "response signing key");
            AddIfSpanning(exchange.Check!.ShareEncryptionKey is null ? null : RecordedPsrd.AllocationOf(ShareMessage(exchange)), "share encryption key");

            Assert.Equal(exchange.SpansBlocks ?? [], spanning);
            marked += spanning.Count;

            void AddIfSpanning(Allocation? allocation, string what)
            {
                if (allocation?.Fragments.Length > 1)
                {
                    spanning.Add(what);
                }
            }
        }

        Assert.Equal(letter == 'A' ? 0 : 6, marked);
    }

    [Fact]
    public void Any_three_shares_of_a_step_rebuild_its_key()
    {
        var scheme = new ShamirScheme(RecordedPsrd.Network.HubNames.Count, RecordedPsrd.Network.Threshold);
        var steps = WireVectors.Of('A').Steps.Where(step => step.Result is not null).ToList();
        foreach (var step in steps)
        {
            var checks = step.Exchanges.Where(exchange => exchange.IsInBand).Select(exchange => exchange.Check!).OrderBy(check => check.ShareIndex).ToList();
            Assert.Equal([0, 1, 2, 3, 4], checks.Select(check => check.ShareIndex!.Value));
            Assert.True(step.Result!.RebuiltFromShares);
            Assert.All(step.Exchanges.Where(exchange => exchange.IsInBand), exchange => Assert.Equal(step.Result.KeyId, KeyIdOf(exchange)));
            foreach (var subset in Subsets.OfSize(checks, scheme.Threshold))
            {
                var shares = subset.Select(check => new Share(check.ShareIndex!.Value, SecretBytes.CopyOf(check.Share))).ToArray();

                Assert.Equal(CombineOutcome.Combined, scheme.Combine(shares, out var key));
                Assert.Equal(step.Result.KeyHex, key!.Span.ToArray());
            }
        }

        Assert.Equal(10, steps.Count);
    }

    private static void AssertSignature(RecordedPsrd psrd, string? header, byte[] query, string body, byte[]? signingKey, bool? isValid)
    {
        // Headers that are missing, malformed or of an unknown block have nothing to derive.
        Assert.Equal(signingKey is null, isValid is null);
        if (signingKey is null)
        {
            return;
        }

        Assert.True(SignatureHeader.TryParse(header, out var parsed));
        Assert.Equal(Dialect.Reference, parsed.Dialect);
        Assert.Equal(psrd.Cut(parsed.SigningKey), signingKey);
        var signature = new byte[MessageMac.Size];
        MessageMac.Sign(signingKey, query, Encoding.UTF8.GetBytes(body), signature);
        Assert.Equal(isValid, parsed.Signature.SequenceEqual(signature));
    }

    private static void AssertShare(RecordedPsrd psrd, WireVectors.Exchange exchange, WireVectors.Derived check)
    {
        Assert.Equal(check.Share is null, check.ShareEncryptionKey is null);
        Assert.Equal(check.Share is null, check.ShareIndex is null);
        if (check.Share is null)
        {
            return;
        }

        var message = ShareMessage(exchange);
        var share = message.GetProperty("encrypted_share_value").GetBytesFromBase64();
        var pad = psrd.Cut(RecordedPsrd.AllocationOf(message));
        OneTimePad.Apply(pad, share);
        Assert.Equal(check.ShareEncryptionKey, pad);
        Assert.Equal(check.Share, share);
        Assert.Equal(check.ShareIndex, message.GetProperty("share_index").GetInt32());
    }

    private static JsonElement ShareMessage(WireVectors.Exchange exchange)
        => JsonDocument.Parse(exchange.Request.Method == "POST" ? exchange.Request.Body : exchange.Response.Body).RootElement;

    private static Guid KeyIdOf(WireVectors.Exchange exchange) => exchange.Request.Method == "POST"
        ? ShareMessage(exchange).GetProperty("user_key_id").GetGuid()
        : KeyShareQuery.TryParse(exchange.Request.Query, out var query) ? query.KeyId : Guid.Empty;

    private static Allocation? HeaderAllocation(string? header) => SignatureHeader.TryParse(header, out var parsed) ? parsed.SigningKey : null;
}
