namespace Dske.Protocol.Secrets;

/// <summary>The continuous health tests of NIST SP 800-90B section 4.4 over a source of 8-bit samples.</summary>
/// <remarks>Not safe for concurrent use. One for each source: the tests go on from one stretch of samples to the next.</remarks>
internal sealed class EntropyHealthTests
{
    /// <summary>A sound source fails a test with a probability of 2 to the minus this.</summary>
    public const int FalseAlarmBits = 20;

    /// <summary>The window of the adaptive proportion test for samples that are not single bits.</summary>
    public const int Window = 512;

    private readonly RepetitionCountTest _repetition;
    private readonly AdaptiveProportionTest _proportion;

    /// <summary>Computes the cutoffs.</summary>
    /// <param name="minEntropy">The claimed min-entropy, in bits per sample: above 0, at most 8.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minEntropy"/> is out of range.</exception>
    public EntropyHealthTests(double minEntropy)
    {
        if (!(minEntropy > 0 && minEntropy <= 8))
        {
            throw new ArgumentOutOfRangeException(nameof(minEntropy), minEntropy, "A sample of 8 bits has more than 0 and at most 8 bits of min-entropy.");
        }

        _repetition = new RepetitionCountTest(RepetitionCountTest.ComputeCutoff(minEntropy));
        _proportion = new AdaptiveProportionTest(AdaptiveProportionTest.ComputeCutoff(minEntropy, Window), Window);
    }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">The samples, in order; they stay the caller's.</param>
    /// <exception cref="EntropyException">A test failed.</exception>
    public void Add(ReadOnlySpan<byte> samples)
    {
        foreach (var sample in samples)
        {
            if (!_repetition.Add(sample))
            {
                throw new EntropyException(
                    EntropyFailure.RepetitionCount, "The raw source failed the repetition count test: it gave one value too often in a row.");
            }

            if (!_proportion.Add(sample))
            {
                throw new EntropyException(
                    EntropyFailure.AdaptiveProportion, $"The raw source failed the adaptive proportion test: it gave one value too often among {Window}.");
            }
        }
    }
}
