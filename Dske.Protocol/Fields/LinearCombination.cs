namespace Dske.Protocol.Fields;

/// <summary>
/// Adds up multiples of any number of rows of elements: <c>destination[i] = coefficient0 * source0[i] + coefficient1 * source1[i] + ...</c>
/// Interpolation is one of these. Give it the terms, then call <see cref="Complete"/>.
/// </summary>
/// <remarks>
/// Up to three terms take one pass over the memory; more take a pass for each three. So long rows are best done a stretch of
/// <see cref="StretchLength"/> elements after the other.
/// </remarks>
/// <param name="destination">Where the sums go, whatever it held; they may be secret. Must not overlap any row.</param>
/// <param name="kernel">How it is done; null for the best way.</param>
internal ref struct LinearCombination(Span<byte> destination, Gf256Kernel? kernel = null)
{
    /// <summary>How many elements of some rows fit the processor's nearer caches together, and are worth to begin a row anew for.</summary>
    public const int StretchLength = 16 * 1024;

    private readonly Gf256Kernel _kernel = kernel ?? Gf256Kernel.Best;
    private readonly Span<byte> _destination = destination;
    private Gf256Terms _terms;
    private bool _accumulate;

    /// <summary>Adds a term. Memory may not change until <see cref="Complete"/>: the work is put off until there is enough of it.</summary>
    /// <param name="coefficient">The factor. It is public: the time taken may tell it.</param>
    /// <param name="source">The row, as long as the destination; its elements may be secret.</param>
    /// <exception cref="ArgumentException">The length is not the destination's, or the memory overlaps it.</exception>
    public void Add(byte coefficient, ReadOnlySpan<byte> source)
    {
        ThrowUnlessApart(source, _destination);
        if (coefficient == 0)
        {
            return;
        }

        if (_terms.Count == Gf256Terms.MaxCount)
        {
            Flush();
        }

        _terms.Add(coefficient, 0, source);
    }

    /// <summary>Writes the sums; zeros when there were no terms.</summary>
    public void Complete()
    {
        if (_terms.Count > 0)
        {
            Flush();
        }
        else if (!_accumulate)
        {
            _destination.Clear();
        }
    }

    /// <summary>Checks that a row may be added to a destination.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or the memory overlaps.</exception>
    internal static void ThrowUnlessApart(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination)
    {
        if (source.Length != destination.Length)
        {
            throw new ArgumentException($"The destination has {destination.Length} bytes, the source {source.Length}.", nameof(source));
        }

        if (source.Overlaps(destination))
        {
            throw new ArgumentException("The destination overlaps the source.", nameof(source));
        }
    }

    private void Flush()
    {
        _kernel.Sum(in _terms, _destination, _accumulate);
        _terms.Count = 0;
        _accumulate = true;
    }
}
