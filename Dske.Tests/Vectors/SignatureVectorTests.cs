using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Vectors;

/// <summary>Every signature and every header in <c>signature.json</c>, written by a sender and checked by a receiver.</summary>
[Trait("Tier", "Vectors")]
public sealed class SignatureVectorTests : IDisposable
{
    private static readonly SignatureVectors Vectors = SignatureVectors.All;
    private static readonly PsrdPoolKey Pool = new(NodeName.Parse("hank"), PoolOwner.Client);

    private readonly InMemoryPsrdStore _senders = new();
    private readonly InMemoryPsrdStore _receivers = new();

    public static TheoryData<string> CaseNames => [.. Vectors.Cases.Select(@case => @case.Name)];

    public static TheoryData<string> MalformedHeaderNames => [.. Vectors.MalformedHeaders.Cases.Select(@case => @case.Name)];

    public void Dispose()
    {
        _senders.Dispose();
        _receivers.Dispose();
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_sender_writes_the_recorded_header_in_either_dialect(string name)
    {
        var @case = Vectors.Cases.Single(@case => @case.Name == name);
        using var pool = new LocalPool(_senders, Pool);
        Assert.All(@case.Blocks, block => Assert.True(pool.TryAdd(block.Uuid, block.Data)));
        var key = new byte[MessageMac.KeySize];
        var earlier = new byte[@case.SigningKeyFragments[0].Start];

        // Whatever lies before the key is spent on an earlier message.
        Assert.Equal(PsrdOutcome.Ok, pool.TryAllocate(default, earlier, out _, out _));
        Assert.Equal(PsrdOutcome.Ok, pool.TryAllocate(default, key, out _, out var named));

        Assert.Equal(@case.SigningKeyFragments, Values(named!));
        Assert.Equal(@case.SigningKey, key);
        var signature = Sign(key, Piece(@case, "query"), Piece(@case, "body"));
        Assert.Equal(@case.SignatureHex, signature);
        Assert.Equal(@case.HeaderCode, new SignatureHeader(Dialect.Reference, named!, signature).ToString());
        Assert.Equal(@case.HeaderGuide, new SignatureHeader(Dialect.Guide, named!, signature).ToString());
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_receiver_reads_the_recorded_header_and_finds_the_signature_right(string name)
    {
        var @case = Vectors.Cases.Single(@case => @case.Name == name);
        using var pool = new PeerPool(_receivers, Pool);
        Assert.All(@case.Blocks, block => Assert.True(pool.TryAdd(block.Uuid, block.Data)));
        foreach (var (text, dialect) in new[] { (@case.HeaderCode, Dialect.Reference), (@case.HeaderGuide, Dialect.Guide) })
        {
            var key = new byte[MessageMac.KeySize];

            Assert.True(SignatureHeader.TryParse(text, out var header));
            Assert.Equal(PsrdOutcome.Ok, pool.TryRead(header.SigningKey, key));

            Assert.Equal(dialect, header.Dialect);
            Assert.Equal(@case.SigningKeyFragments, Values(header.SigningKey));
            Assert.Equal(@case.SigningKey, key);
            Assert.Equal(@case.SignatureHex, header.Signature.ToArray());
            Assert.Equal(text, header.ToString());
            Assert.Equal(header.Signature.ToArray(), Sign(key, Piece(@case, "query"), Piece(@case, "body")));
        }
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Query_and_body_are_signed_as_they_are_on_the_wire(string name)
    {
        var @case = Vectors.Cases.Single(@case => @case.Name == name);

        Assert.Equal(["query", "body"], @case.SignedPieces.Select(piece => piece.What));
        Assert.All(@case.SignedPieces, piece => Assert.Equal(piece.Hex, Encoding.UTF8.GetBytes(piece.Text)));
    }

    [Fact]
    public void The_query_comes_first_not_the_body()
    {
        var @case = Assert.Single(Vectors.Cases, @case => @case.SignatureHexIfBodyCameFirst is not null);

        Assert.Equal(@case.SignatureHexIfBodyCameFirst, Sign(@case.SigningKey, Piece(@case, "body"), Piece(@case, "query")));
        Assert.NotEqual(@case.SignatureHexIfBodyCameFirst, @case.SignatureHex);
    }

    [Fact]
    public void The_header_printed_in_the_guide_is_read()
    {
        var example = Vectors.GuideExample;

        Assert.True(SignatureHeader.TryParse(example.Header, out var header));

        Assert.Equal(Dialect.Guide, header.Dialect);
        Assert.Equal(example.Fragments, Values(header.SigningKey));
        Assert.Equal(example.SignatureHex, header.Signature.ToArray());
        Assert.Equal(example.Header, header.ToString());
    }

    [Theory]
    [MemberData(nameof(MalformedHeaderNames))]
    public void A_malformed_header_is_refused(string name)
    {
        var header = Vectors.MalformedHeaders.Cases.Single(@case => @case.Name == name).Header;

        // The reference's code does not know the guide's separator; here both dialects are read.
        var isGuides = name == "guide's separator given to the code";

        Assert.Equal(isGuides, SignatureHeader.TryParse(header, out var parsed));
        Assert.Equal(isGuides ? Dialect.Guide : null, parsed?.Dialect);
    }

    [Fact]
    public void Every_case_is_run()
    {
        Assert.Equal((11, 7), (CaseNames.Count, MalformedHeaderNames.Count));
    }

    private static byte[] Piece(SignatureVectors.SignedMessage @case, string what) => @case.SignedPieces.Single(piece => piece.What == what).Hex;

    private static byte[] Sign(byte[] key, byte[] query, byte[] body)
    {
        var signature = new byte[MessageMac.Size];
        MessageMac.Sign(key, query, body, signature);
        return signature;
    }

    private static IEnumerable<AllocationVectors.FragmentValue> Values(Allocation named)
        => named.Fragments.ToArray().Select(fragment => new AllocationVectors.FragmentValue(fragment.BlockId, fragment.Start, fragment.Size));
}
