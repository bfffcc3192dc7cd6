namespace Dske.Encryptor.Sinks;

/// <summary>Why a roll-over, or a step of it, came to nothing.</summary>
/// <param name="Type">The kind of failure, one of few words: a tag of metrics.</param>
/// <param name="Detail">A sentence for people. Nothing that a program wrote: it may have written the key; no path either, since status shows it.</param>
/// <param name="Cause">What was thrown, for the log.</param>
internal sealed record SinkFailure(string Type, string Detail, Exception? Cause = null);
