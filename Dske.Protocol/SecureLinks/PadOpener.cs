using System.Security.Cryptography;

namespace Dske.Protocol.SecureLinks;

/// <summary>Opens a stream that is sealed with a one-time pad. Key bytes are used up by records that are found authentic, and by no others.</summary>
internal sealed class PadOpener(ReceivePad pad, StreamNonces nonces) : RecordOpener
{
    private long _next;

    private protected override RecordStatus TryOpenCore(RecordType type, long position, Span<byte> record)
    {
        if (type == RecordType.KeyUpdate)
        {
            return RecordStatus.Malformed;
        }

        var payload = record[RecordFormat.HeaderSize..^RecordFormat.TagSize];
        Span<byte> key = stackalloc byte[Poly1305.KeySize];
        try
        {
            if (!pad.TryPeek(position, payload.Length, key))
            {
                return RecordStatus.KeyMissing;
            }

            Span<byte> context = stackalloc byte[PadSealer.ContextSize];
            PadSealer.WriteContext(context, nonces, _next, record);
            Span<byte> tag = stackalloc byte[RecordFormat.TagSize];
            Poly1305.Compute(key, context, payload, tag);
            if (!CryptographicOperations.FixedTimeEquals(tag, record[^RecordFormat.TagSize..]))
            {
                return RecordStatus.Forged;
            }

            _next++;
            return pad.TryApply(position, payload) ? RecordStatus.Accepted : RecordStatus.KeyMissing;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // The pad is the link's.
    }
}
