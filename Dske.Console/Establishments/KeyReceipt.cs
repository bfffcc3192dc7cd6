namespace Dske.Console.Establishments;

/// <summary>What became of an order: no key, only what may be known of it.</summary>
/// <param name="Keys">The keys that both ends proved to hold; empty when there are none.</param>
/// <param name="Elapsed">How long it took, by the encryptor's clock; zero when it failed.</param>
/// <param name="Problem">Why there are none, as a sentence; null when there are.</param>
/// <param name="TraceId">The trace that the failure was reported with; null when there are keys, or none was named.</param>
public sealed record KeyReceipt(IReadOnlyList<ReceivedKey> Keys, TimeSpan Elapsed, string? Problem = null, string? TraceId = null);
