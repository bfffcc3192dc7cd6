namespace Dske.Protocol.Secrets;

/// <summary>
/// A source of randomness has failed and gives nothing any more: whatever needs new randomness cannot be done until the node is
/// restarted. The message holds nothing of what the source delivered.
/// </summary>
public sealed class EntropyException : Exception
{
    /// <summary>Says why a source failed.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">One sentence for people, without a byte of what the source delivered.</param>
    /// <param name="innerException">What the system said; null when it said nothing.</param>
    public EntropyException(EntropyFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why the source failed.</summary>
    public EntropyFailure Failure { get; }

    /// <summary>The short stable name of <see cref="Failure"/>, for metrics: for instance <c>repetition-count</c>.</summary>
    public string Reason => Failure switch
    {
        EntropyFailure.RepetitionCount => "repetition-count",
        EntropyFailure.AdaptiveProportion => "adaptive-proportion",
        EntropyFailure.EndOfSource => "end-of-source",
        EntropyFailure.TimedOut => "timed-out",
        _ => "read-error",
    };
}
