using System.Buffers.Binary;
using System.Security.Cryptography;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>Opens a stream that is sealed with AES-256-GCM. A record is accepted if it is the very next one: the transport keeps the order.</summary>
internal sealed class AesGcmOpener : RecordOpener
{
    /// <summary>The most keys of retired epochs that a stream keeps for what it has not read yet. Beyond that it ends.</summary>
    public const int MaxLate = 1024;

    private const int NonceSize = 12;

    private readonly EpochRing _ring;
    private AesGcm _cipher;
    private long _next;

    public AesGcmOpener(EpochRing ring, StreamNonces nonces, long epoch, SecretBytes key)
    {
        (_ring, Nonces, Epoch) = (ring, nonces, epoch);
        _cipher = new AesGcm(key.Span, RecordFormat.TagSize);
    }

    public StreamNonces Nonces { get; }

    /// <summary>The epoch that the stream has come to. Guarded by the ring's lock, as are <see cref="Late"/>.</summary>
    public long Epoch { get; set; }

    /// <summary>Keys of this stream under later epochs that are retired.</summary>
    public SortedList<long, SecretBytes> Late { get; } = [];

    private protected override RecordStatus TryOpenCore(RecordType type, long position, Span<byte> record)
    {
        if (position != _next)
        {
            return RecordStatus.OutOfOrder;
        }

        var payload = record[RecordFormat.HeaderSize..^RecordFormat.TagSize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], position);
        try
        {
            _cipher.Decrypt(nonce, payload, record[^RecordFormat.TagSize..], payload, record[..RecordFormat.HeaderSize]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return RecordStatus.Forged;
        }

        _next++;
        return type == RecordType.KeyUpdate ? Advance(BinaryPrimitives.ReadInt64BigEndian(payload)) : RecordStatus.Accepted;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _ring.Forget(this);
        _cipher.Dispose();
    }

    private RecordStatus Advance(long epoch)
    {
        using var key = _ring.Advance(this, epoch);
        if (key is null)
        {
            return RecordStatus.KeyMissing;
        }

        _cipher.Dispose();
        _cipher = new AesGcm(key.Span, RecordFormat.TagSize);
        _next = 0;
        return RecordStatus.Accepted;
    }
}
