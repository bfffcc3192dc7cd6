namespace Dske.Protocol.SecureLinks;

/// <summary>Seals the records that one end of a stream sends. Not safe for concurrent use: records have an order.</summary>
public abstract class RecordSealer : IDisposable
{
    /// <summary>The most bytes that <see cref="SealUpdate"/> writes.</summary>
    public const int MaxUpdateSize = RecordFormat.HeaderSize + sizeof(long) + RecordFormat.TagSize;

    /// <summary>Seals a record in place.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="record">
    /// Room for the record, with the payload from <see cref="RecordFormat.HeaderSize"/> on; exactly that, the payload and
    /// <see cref="RecordFormat.TagSize"/> bytes.
    /// </param>
    /// <returns>False when there is no key to seal it with at present. The payload is as it was then.</returns>
    /// <exception cref="ArgumentException"><paramref name="record"/> is too short or too long for a record.</exception>
    public bool TrySeal(RecordType type, Span<byte> record)
    {
        if (record.Length is < RecordFormat.HeaderSize + RecordFormat.TagSize or > RecordFormat.MaxRecord)
        {
            throw new ArgumentException($"A record has at most {RecordFormat.MaxRecord} bytes.", nameof(record));
        }

        return TrySealCore(type, record);
    }

    /// <summary>
    /// Writes the record, if one is due, with which the sender goes over to the latest epoch. Whoever seals asks for it first.
    /// </summary>
    /// <param name="record">Room for it: at least <see cref="MaxUpdateSize"/> bytes.</param>
    /// <returns>Its length; 0 when none is due.</returns>
    public virtual int SealUpdate(Span<byte> record) => 0;

    /// <summary>Whether <see cref="SealUpdate"/> has something to write. May be asked at any time, by anybody.</summary>
    public virtual bool IsUpdateDue => false;

    /// <summary>Whether its key has sealed so much that a new epoch should come. May be asked at any time, by anybody.</summary>
    public virtual bool IsWorn => false;

    /// <summary>The greatest payload that can be sealed at this moment, in bytes; 0 when there is no key.</summary>
    public virtual int Capacity => RecordFormat.MaxPayload;

    /// <summary>Zeroes what keys it holds.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private protected abstract bool TrySealCore(RecordType type, Span<byte> record);

    /// <summary>Zeroes what keys it holds.</summary>
    /// <param name="disposing">Whether it is disposed rather than finalized.</param>
    protected abstract void Dispose(bool disposing);
}
