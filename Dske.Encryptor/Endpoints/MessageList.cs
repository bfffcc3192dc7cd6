using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>Messages that came from a peer.</summary>
internal sealed record MessageList
{
    [JsonPropertyName("messages")]
    [Description("The latest messages, at most 100, the oldest first.")]
    public required IReadOnlyList<ReceivedMessage> Messages { get; init; }
}
