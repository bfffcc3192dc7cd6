namespace Dske.Console.Telemetry;

/// <summary>What a store holds and what it had to let go.</summary>
/// <param name="Received">Items taken in since the console started: spans, log records or data points.</param>
/// <param name="Dropped">Items that were taken in and had to make room for newer ones.</param>
/// <param name="Rejected">Items that were not taken in: unusable, or more than one sender may have here.</param>
/// <param name="Held">Items held now: spans, log records or series.</param>
/// <param name="Bytes">The memory that they take by estimate, in bytes.</param>
/// <param name="MaxBytes">The most that they may take, in bytes.</param>
public readonly record struct StoreCounts(long Received, long Dropped, long Rejected, int Held, long Bytes, long MaxBytes);
