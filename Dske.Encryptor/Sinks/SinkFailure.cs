namespace Dske.Encryptor.Sinks;

/// <summary>Why a roll-over, or a step of it, came to nothing.</summary>
/// <param name="Type">The kind of failure, one of few words: a tag of metrics.</param>
/// <param name="Detail">A sentence for people. Nothing that a program wrote: it may have written the key.</param>
internal sealed record SinkFailure(string Type, string Detail);
