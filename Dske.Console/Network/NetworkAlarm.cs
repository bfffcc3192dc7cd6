namespace Dske.Console.Network;

/// <summary>Something that somebody should look at.</summary>
/// <param name="IsGrave">Whether keys cannot be made.</param>
/// <param name="Text">What it is, as a sentence.</param>
/// <param name="Node">The node that it is about; null for the whole network.</param>
public sealed record NetworkAlarm(bool IsGrave, string Text, string? Node = null);
