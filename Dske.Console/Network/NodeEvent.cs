namespace Dske.Console.Network;

/// <summary>A change of a node that the console saw.</summary>
/// <param name="At">When.</param>
/// <param name="Node">The node.</param>
/// <param name="Tone">Whether it is good, a warning or bad.</param>
/// <param name="Text">What happened, as a sentence without the node's name.</param>
public sealed record NodeEvent(DateTimeOffset At, string Node, EventTone Tone, string Text);
