using Dske.Protocol.KeyDelivery;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>
/// An epoch that an initiator has keys for and the responder has not confirmed. It is sent again as it is as long as it may have arrived. Owns the
/// keys.
/// </summary>
internal sealed class EpochProposal : IDisposable
{
    private readonly KeyContainer _keys;

    public EpochProposal(LinkHello hello, KeyContainer keys, long madeAt)
    {
        (Hello, _keys, MadeAt) = (hello, keys, madeAt);
        Unsigned = new byte[hello.UnsignedSize];
        hello.WriteUnsigned(Unsigned);
        Confirmation = EpochConfirmation.Derive(Unsigned, keys.Keys[0].Key.Span[..EpochConfirmation.RootSize]);
        Message = new byte[Unsigned.Length + EpochConfirmation.MacSize];
        Unsigned.CopyTo(Message, 0);
        Confirmation.Sign(Unsigned, Message.AsSpan(Unsigned.Length));
    }

    public LinkHello Hello { get; }

    public byte[] Unsigned { get; }

    /// <summary>The hello with its MAC.</summary>
    public byte[] Message { get; }

    /// <summary>Whoever takes the epoch up takes this over as well.</summary>
    public EpochConfirmation Confirmation { get; }

    public IReadOnlyList<DeliveredKey> Keys => _keys.Keys;

    /// <summary>When the keys came: a timestamp.</summary>
    public long MadeAt { get; }

    /// <summary>The same keys for another hello, which the responder has not asked for yet.</summary>
    public EpochProposal With(LinkHello hello)
    {
        Confirmation.Dispose();
        return new EpochProposal(hello, _keys, MadeAt);
    }

    public void Dispose() => _keys.Dispose();
}
