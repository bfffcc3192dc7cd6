using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Messages;

/// <summary>A message that came over a link.</summary>
/// <param name="From">The peer that sent it.</param>
/// <param name="Text">What it says.</param>
/// <param name="ReceivedAt">When it was complete.</param>
internal sealed record MessageEntry(SaeId From, string Text, DateTimeOffset ReceivedAt);
