namespace Dske.Protocol.Clients;

/// <summary>When requests travel together.</summary>
/// <param name="AtATime">How many messages of a kind may be under way until further requests wait for one another; at least 1.</param>
/// <param name="Most">How many requests go together at most; at least 1.</param>
/// <param name="Patience">How long one waits at most for what is under way to be done.</param>
internal sealed record GatheringLimits(int AtATime, int Most, TimeSpan Patience);
