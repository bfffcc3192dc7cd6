using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Courier;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Courier;

/// <summary>A client that has lost its disk begins a link with the same bytes of its file, and signs under another key.</summary>
[Trait("Tier", "Unit")]
public sealed class EnrolmentKeyTests
{
    private static readonly Guid Link = Guid.Parse("66666666-7777-4888-9999-aaaaaaaaaaaa");
    private static readonly Guid OtherLink = Guid.Parse("01234567-89ab-4cde-8f01-23456789abcd");
    private static readonly Guid Instance = Guid.Parse("11111111-2222-4333-8444-555555555555");
    private static readonly Guid OtherInstance = Guid.Parse("0f1e2d3c-4b5a-4697-8877-665544332211");

    private readonly PsrdBlocks _blocks = new(seed: 1, 4096);

    [Fact]
    public void Another_instance_or_link_signs_under_another_key()
    {
        (Guid, Guid)?[] begins = [(Link, Instance), (Link, OtherInstance), (OtherLink, Instance), null];
        var syncs = begins.Select(SignFirst).ToList();
        var keys = begins.Select(KeyOf).ToList();

        Assert.Single(syncs.Select(sync => Read(sync).SigningKey.ToString()).Distinct());
        for (var sync = 0; sync < syncs.Count; sync++)
        {
            Assert.Equal(keys.Select((_, key) => key == sync), keys.Select(key => Signs(key, syncs[sync])));
        }
    }

    /// <summary>The first sync of a client that has nothing but the file.</summary>
    private OutgoingRequest SignFirst((Guid Link, Guid Instance)? begins)
    {
        using var store = new InMemoryPsrdStore();
        var block = store.Add(PsrdBlocks.Pool, _blocks[0], _blocks.All[0].Data, confirmed: false);
        using var session = new LinkSession(
            Guid.Empty,
            Dialect.Guide,
            new LocalPool(store, PsrdBlocks.Pool, keepsReserve: true, new HashSet<Guid> { _blocks[0] }),
            new PeerPool(store, new PsrdPoolKey(PsrdBlocks.Pool.Peer, PoolOwner.Hub)));
        session.Hold(PoolOwner.Client, block);
        Assert.Equal(PsrdOutcome.Ok, session.TryPrepareSync(NodeName.Parse("carol"), Guid.Empty, out var sync, begins));
        return sync!;
    }

    private byte[] KeyOf((Guid Link, Guid Instance)? begins)
    {
        var key = _blocks.All[0].Data[..MessageMac.KeySize];
        if (begins is { } named)
        {
            EnrolmentKey.Derive(key, named.Link, named.Instance);
        }

        return key;
    }

    private static SignatureHeader Read(OutgoingRequest sync)
    {
        Assert.True(SignatureHeader.TryParse(sync.Signature, out var header));
        return header;
    }

    private static bool Signs(byte[] key, OutgoingRequest sync)
    {
        var signature = new byte[MessageMac.Size];
        MessageMac.Sign(key, Encoding.UTF8.GetBytes(sync.Query), default, signature);
        return signature.AsSpan().SequenceEqual(Read(sync).Signature);
    }
}
