namespace Dske.Protocol.Secrets;

/// <summary>
/// The adaptive proportion test, NIST SP 800-90B section 4.4.2: notices a source that has come to prefer a value. Counts how often the
/// first sample of a window occurs in it.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <param name="cutoff">How many times, the first one included, fail the test.</param>
/// <param name="window">The length of a window, in samples.</param>
internal sealed class AdaptiveProportionTest(int cutoff, int window)
{
    private byte _first;
    private int _seen;
    private int _count;

    /// <summary>
    /// The cutoff for a false alarm with a probability of 2^-20 a window: C = 1 + critbinom(W, 2^-H, 1 - 2^-20), where critbinom is the
    /// smallest number that the count of a value with probability 2^-H exceeds with a probability of at most 2^-20.
    /// </summary>
    /// <param name="minEntropy">H, the claimed min-entropy in bits per sample; above 0.</param>
    /// <param name="window">W, the length of a window in samples; at least 1.</param>
    public static int ComputeCutoff(double minEntropy, int window)
    {
        // Summed from the far end of the distribution, and in logarithms: the first terms are smaller than a double can be.
        var p = Math.Pow(2, -minEntropy);
        var odds = Math.Log((1 - p) / p);
        var logarithm = window * Math.Log(p);
        var tail = 0.0;
        var k = window;
        for (; k >= 0; k--)
        {
            tail += Math.Exp(logarithm);
            if (tail > Math.Pow(2, -EntropyHealthTests.FalseAlarmBits))
            {
                break;
            }

            logarithm += Math.Log(k) - Math.Log(window - k + 1) + odds;
        }

        return 1 + k;
    }

    /// <summary>Takes the next sample.</summary>
    /// <returns>False when the first value of the window has come too often.</returns>
    public bool Add(byte sample)
    {
        if (_seen == 0)
        {
            (_first, _count) = (sample, 0);
        }

        _count += sample == _first ? 1 : 0;
        _seen = _seen + 1 == window ? 0 : _seen + 1;
        return _count < cutoff;
    }
}
