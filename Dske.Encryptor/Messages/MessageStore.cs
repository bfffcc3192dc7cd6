using System.Text;
using System.Text.Unicode;
using Dske.Encryptor.Links;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Messages;

/// <summary>The latest messages of each peer, in memory.</summary>
/// <remarks>Safe for concurrent use: one lock.</remarks>
internal sealed class MessageStore(TimeProvider time)
{
    /// <summary>The longest message, in bytes of UTF-8.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>How many messages of a peer are kept.</summary>
    public const int MaxMessages = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<SaeId, Queue<MessageEntry>> _messages = [];

    /// <summary>The messages of a peer, the oldest first.</summary>
    public IReadOnlyList<MessageEntry> List(SaeId peer)
    {
        lock (_lock)
        {
            return _messages.TryGetValue(peer, out var messages) ? [.. messages] : [];
        }
    }

    /// <summary>Receives a message and says with a fin that it is kept.</summary>
    /// <returns>Whether it was one.</returns>
    public async Task<bool> ReceiveAsync(SaeId peer, LinkStream stream)
    {
        using var text = new SecretBufferWriter();
        while (true)
        {
            var received = await stream.ReceiveAsync();
            if (received.Type == RecordType.Fin)
            {
                break;
            }

            if (received.Type != RecordType.Data || text.WrittenCount + received.Payload.Length > MaxBytes)
            {
                return false;
            }

            received.Payload.Span.CopyTo(text.GetSpan(received.Payload.Length));
            text.Advance(received.Payload.Length);
        }

        if (!Utf8.IsValid(text.WrittenSpan))
        {
            return false;
        }

        Add(new MessageEntry(peer, Encoding.UTF8.GetString(text.WrittenSpan), time.GetUtcNow()));
        await stream.SendFinAsync();
        return true;
    }

    private void Add(MessageEntry entry)
    {
        lock (_lock)
        {
            if (!_messages.TryGetValue(entry.From, out var messages))
            {
                _messages.Add(entry.From, messages = new Queue<MessageEntry>());
            }

            messages.Enqueue(entry);
            if (messages.Count > MaxMessages)
            {
                messages.Dequeue();
            }
        }
    }
}
