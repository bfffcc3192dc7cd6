using System.Buffers.Binary;
using System.Security.Cryptography;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// Seals a stream with AES-256-GCM. The nonce is four zero bytes and the number of the record under its key, the header is authenticated with it.
/// A key seals at most <see cref="MaxRecords"/> records.
/// </summary>
internal sealed class AesGcmSealer : RecordSealer
{
    /// <summary>
    /// How many records a key seals: with records of 2^12 blocks the chance to tell them from random ones stays below 2^-48 (NIST SP 800-38D
    /// allows 2^32 invocations).
    /// </summary>
    public const long MaxRecords = 1L << 28;

    private const int NonceSize = 12;

    private readonly EpochRing _ring;
    private readonly StreamNonces _nonces;
    private readonly long _maxRecords;
    private AesGcm _cipher;
    private long _epoch;
    private long _next;

    public AesGcmSealer(EpochRing ring, StreamNonces nonces, long epoch, SecretBytes key, long maxRecords = MaxRecords)
    {
        (_ring, _nonces, _epoch, _maxRecords) = (ring, nonces, epoch, maxRecords);
        _cipher = new AesGcm(key.Span, RecordFormat.TagSize);
    }

    /// <inheritdoc />
    public override bool IsUpdateDue => _ring.SendEpoch > Volatile.Read(ref _epoch);

    /// <inheritdoc />
    public override bool IsWorn => Volatile.Read(ref _next) >= _maxRecords / 2;

    /// <inheritdoc />
    public override int Capacity => _next < _maxRecords ? RecordFormat.MaxPayload : 0;

    /// <inheritdoc />
    public override int SealUpdate(Span<byte> record)
    {
        if (!IsUpdateDue || _ring.DeriveSendKey(_nonces, out var epoch) is not { } key)
        {
            return 0;
        }

        using (key)
        {
            var update = record[..MaxUpdateSize];
            BinaryPrimitives.WriteInt64BigEndian(update[RecordFormat.HeaderSize..], epoch);

            // The announcement may be one record more than the key has: the limit is far below what the cipher bears.
            Seal(RecordType.KeyUpdate, update);
            _cipher.Dispose();
            _cipher = new AesGcm(key.Span, RecordFormat.TagSize);
            Volatile.Write(ref _next, 0);
            Volatile.Write(ref _epoch, epoch);
            return MaxUpdateSize;
        }
    }

    private protected override bool TrySealCore(RecordType type, Span<byte> record)
    {
        if (_next >= _maxRecords)
        {
            return false;
        }

        Seal(type, record);
        return true;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => _cipher.Dispose();

    private void Seal(RecordType type, Span<byte> record)
    {
        var payload = record[RecordFormat.HeaderSize..^RecordFormat.TagSize];
        RecordFormat.WriteHeader(record, type, payload.Length, _next);
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], _next);

        // Counted before it is used: whatever happens, no nonce comes twice.
        Volatile.Write(ref _next, _next + 1);
        _cipher.Encrypt(nonce, payload, payload, record[^RecordFormat.TagSize..], record[..RecordFormat.HeaderSize]);
    }
}
