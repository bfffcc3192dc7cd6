using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>What came over a stream: a record that was accepted, or the stream's end.</summary>
/// <param name="Type">What the record is; null when the stream is over: cut short, or rejected.</param>
/// <param name="Payload">Its payload.</param>
internal readonly record struct ReceivedRecord(RecordType? Type, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The transport ended before the stream did.</summary>
    public static ReceivedRecord Cut { get; } = new(null, default);

    /// <summary>Something came that the other end did not send.</summary>
    public static ReceivedRecord Rejected { get; } = new(null, default);
}
