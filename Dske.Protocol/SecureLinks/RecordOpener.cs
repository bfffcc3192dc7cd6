namespace Dske.Protocol.SecureLinks;

/// <summary>
/// Opens the records that one end of a stream receives, each once and in the order in which they were sealed. Not safe for concurrent use.
/// </summary>
public abstract class RecordOpener : IDisposable
{
    private RecordStatus _status;

    /// <summary>Opens a record in place.</summary>
    /// <param name="record">The whole record, as long as <see cref="RecordFormat.TryMeasure"/> says; afterwards it holds the payload, or rubbish.</param>
    /// <param name="type">What it is, when it is accepted.</param>
    /// <param name="payload">The payload, a part of <paramref name="record"/>, when it is accepted; else empty.</param>
    /// <returns>What became of it. After anything but <see cref="RecordStatus.Accepted"/> nothing is opened any more.</returns>
    public RecordStatus TryOpen(Span<byte> record, out RecordType type, out Span<byte> payload)
    {
        payload = default;
        type = default;
        if (_status != RecordStatus.Accepted)
        {
            return _status;
        }

        _status = RecordFormat.TryReadHeader(record, out type, out var position)
            ? TryOpenCore(type, position, record)
            : RecordStatus.Malformed;
        if (_status == RecordStatus.Accepted)
        {
            payload = record[RecordFormat.HeaderSize..^RecordFormat.TagSize];
        }

        return _status;
    }

    /// <summary>Zeroes what keys it holds.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private protected abstract RecordStatus TryOpenCore(RecordType type, long position, Span<byte> record);

    /// <summary>Zeroes what keys it holds.</summary>
    /// <param name="disposing">Whether it is disposed rather than finalized.</param>
    protected abstract void Dispose(bool disposing);
}
