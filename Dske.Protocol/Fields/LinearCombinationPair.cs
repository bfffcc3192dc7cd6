namespace Dske.Protocol.Fields;

/// <summary>
/// Two linear combinations of the same rows, as <see cref="LinearCombination"/> does one. Together they take about two thirds of the
/// time: each row is read only once.
/// </summary>
internal ref struct LinearCombinationPair
{
    private readonly Gf256Kernel _kernel;
    private readonly Span<byte> _first;
    private readonly Span<byte> _second;
    private Gf256Terms _terms;
    private bool _accumulate;

    /// <summary>Begins without terms.</summary>
    /// <param name="first">Where the first sums go, whatever it held; they may be secret. Must not overlap any row.</param>
    /// <param name="second">Where the second sums go, likewise and as many. Must not overlap <paramref name="first"/> either.</param>
    /// <param name="kernel">How it is done; null for the best way.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the memory overlaps.</exception>
    public LinearCombinationPair(Span<byte> first, Span<byte> second, Gf256Kernel? kernel = null)
    {
        LinearCombination.ThrowUnlessApart(first, second);
        _kernel = kernel ?? Gf256Kernel.Best;
        _first = first;
        _second = second;
    }

    /// <summary>Adds a term to both. Memory may not change until <see cref="Complete"/>.</summary>
    /// <param name="first">The factor in the first combination. It is public: the time taken may tell it.</param>
    /// <param name="second">The factor in the second one, likewise.</param>
    /// <param name="source">The row, as long as the destinations; its elements may be secret.</param>
    /// <exception cref="ArgumentException">The length is not the destinations', or the memory overlaps one.</exception>
    public void Add(byte first, byte second, ReadOnlySpan<byte> source)
    {
        LinearCombination.ThrowUnlessApart(source, _first);
        LinearCombination.ThrowUnlessApart(source, _second);
        if ((first | second) == 0)
        {
            return;
        }

        if (_terms.Count == Gf256Terms.MaxCount)
        {
            Flush();
        }

        _terms.Add(first, second, source);
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
            _first.Clear();
            _second.Clear();
        }
    }

    private void Flush()
    {
        _kernel.SumPair(in _terms, _first, _second, _accumulate);
        _terms.Count = 0;
        _accumulate = true;
    }
}
