using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// Seals a stream with a one-time pad and Poly1305. The authenticator covers both nonces of the stream, the number of the record in it, the header
/// and the encrypted payload, so that a record is good in its place only.
/// </summary>
internal sealed class PadSealer(SendPad pad, StreamNonces nonces) : RecordSealer
{
    private long _next;

    /// <inheritdoc />
    public override int Capacity => pad.Capacity;

    /// <summary>What is authenticated before the payload: nonces (32 bytes), number (8), header (12), zeros (12).</summary>
    internal const int ContextSize = 64;

    private protected override bool TrySealCore(RecordType type, Span<byte> record)
    {
        var payload = record[RecordFormat.HeaderSize..^RecordFormat.TagSize];
        Span<byte> key = stackalloc byte[Poly1305.KeySize];
        try
        {
            if (!pad.TryApply(payload, key, out var position))
            {
                return false;
            }

            RecordFormat.WriteHeader(record, type, payload.Length, position);
            Span<byte> context = stackalloc byte[ContextSize];
            WriteContext(context, nonces, _next++, record);
            Poly1305.Compute(key, context, payload, record[^RecordFormat.TagSize..]);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal static void WriteContext(Span<byte> context, StreamNonces nonces, long number, ReadOnlySpan<byte> record)
    {
        nonces.Write(context);
        BinaryPrimitives.WriteInt64BigEndian(context[StreamNonces.Size..], number);
        record[..RecordFormat.HeaderSize].CopyTo(context[40..]);
        context[52..].Clear();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // The pad is the link's.
    }
}
