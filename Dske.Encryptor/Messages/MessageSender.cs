using System.Text;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Tunnels;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Messages;

/// <summary>Sends a message over a stream of its own.</summary>
internal sealed class MessageSender(StreamOpener opener)
{
    /// <summary>Sends a message and waits until the peer keeps it.</summary>
    /// <returns>Why it did not; null when it does.</returns>
    public async Task<string?> SendAsync(Peer peer, string text, CancellationToken cancellationToken)
    {
        var (opened, problem) = await opener.OpenAsync(peer, StreamTarget.Message, cancellationToken);
        if (opened is null)
        {
            return problem;
        }

        await using (opened)
        {
            try
            {
                var rest = Encoding.UTF8.GetBytes(text).AsMemory();
                while (rest.Length > 0)
                {
                    var part = rest[..Math.Min(rest.Length, await opened.Stream.GetCapacityAsync())];
                    var record = new byte[RecordFormat.HeaderSize + part.Length + RecordFormat.TagSize];
                    part.Span.CopyTo(RecordFormat.PayloadOf(record, part.Length));
                    await opened.Stream.SendAsync(RecordType.Data, record);
                    rest = rest[part.Length..];
                }

                await opened.Stream.SendFinAsync();
                return (await opened.Stream.ReceiveAsync()).Type == RecordType.Fin ? null : "The peer did not take the message.";
            }
            catch (Exception e) when (e is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return "The link broke while the message was sent.";
            }
        }
    }
}
