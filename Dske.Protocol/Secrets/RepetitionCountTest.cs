namespace Dske.Protocol.Secrets;

/// <summary>The repetition count test, NIST SP 800-90B section 4.4.1: notices a source that is stuck at one value.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <param name="cutoff">The length of a run that fails the test, at least 2.</param>
internal sealed class RepetitionCountTest(int cutoff)
{
    private int _last = -1;
    private int _run;

    /// <summary>
    /// The cutoff for a false alarm with a probability of 2^-20 a sample: C = 1 + ceil(20 / H).
    /// </summary>
    /// <param name="minEntropy">H, the claimed min-entropy in bits per sample; above 0.</param>
    public static int ComputeCutoff(double minEntropy) => 1 + (int)Math.Ceiling(EntropyHealthTests.FalseAlarmBits / minEntropy);

    /// <summary>Takes the next sample.</summary>
    /// <returns>False when the run that it belongs to is too long.</returns>
    public bool Add(byte sample)
    {
        if (sample != _last)
        {
            (_last, _run) = (sample, 1);
            return true;
        }

        _run++;
        return _run < cutoff;
    }
}
