using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecretSharing;

/// <summary>
/// Finds out which shares have to be wrong so that all others lie on common polynomials, one for each byte. More than k others have
/// to: any k lie on some polynomial.
/// </summary>
/// <remarks>
/// <para>
/// It works on syndromes: sums of the shares, weighed so that right ones cancel out. With m shares there are r = m-k of them for each
/// byte. They depend on the errors alone, by how much wrong shares are off, and not on the secret; so it gives nothing away that the
/// time taken depends on them. Weights come from the coordinates, which are public.
/// </para>
/// <para>
/// Leaving out the share at x turns syndromes S(0), S(1), ... into S(1) + x S(0), S(2) + x S(1), ..., one fewer. When a set is left out
/// whose removal makes them all zero, the other shares fit together. Up to r/2 wrong shares there is one smallest such set. Beyond,
/// there may be several, and a digest has to decide. Most bytes say nothing new: as many as the errors are linearly independent
/// stand for all.
/// </para>
/// <para>Not safe for concurrent use.</para>
/// </remarks>
internal sealed class ErrorLocator : IDisposable
{
    // Columns stand side by side in a row of syndromes, and there are fewer than shares.
    private const int RowLength = ShamirScheme.MaxShareCount;

    private readonly byte[] _coordinates;
    private readonly int _syndromeCount;
    private readonly int _rank;

    // One table of rows for each number of shares left out.
    private readonly SecretBytes? _tables;

    /// <summary>Computes what the shares give away.</summary>
    /// <param name="shares">
    /// At least <paramref name="threshold"/> shares of one length with different indexes. They stay the caller's and are not used later.
    /// Those that come first are suspected first.
    /// </param>
    /// <param name="threshold">How many shares fix a polynomial, k.</param>
    public ErrorLocator(IReadOnlyList<Share> shares, int threshold)
    {
        _coordinates = [.. shares.Select(share => (byte)share.Index)];
        _syndromeCount = shares.Count - threshold;
        MaxErrors = Math.Max(_syndromeCount / 2, Math.Min(threshold, _syndromeCount) - 1);
        if (_syndromeCount == 0)
        {
            return;
        }

        var weights = ComputeWeights(_coordinates, _syndromeCount);
        var columns = FindIndependentColumns(shares, weights);
        _rank = columns.Count;
        if (_rank > MaxErrors)
        {
            return;
        }

        _tables = new SecretBytes((MaxErrors + 1) * _syndromeCount * RowLength);
        for (var row = 0; row < _syndromeCount; row++)
        {
            var syndromes = Row(0, row);
            for (var column = 0; column < columns.Count; column++)
            {
                for (var i = 0; i < shares.Count; i++)
                {
                    syndromes[column] ^= Gf256.Multiply(shares[i].Value.Span[columns[column]], weights[row][i]);
                }
            }
        }
    }

    /// <summary>
    /// The most wrong shares that are looked for: half as many as there are shares beyond k, which can always be told apart, and beyond
    /// that up to k-1 as long as more than k shares are left. At most 7, and so at most 26,333 sets are looked at.
    /// </summary>
    public int MaxErrors { get; }

    /// <summary>Goes through the sets of shares that fit together, the largest first.</summary>
    /// <param name="accept">Gets a set as bits, bit i for index i; ends the search by returning true.</param>
    /// <returns>Whether <paramref name="accept"/> did.</returns>
    public bool Search(Func<ushort, bool> accept)
    {
        if (_tables is null)
        {
            return false;
        }

        var all = 0;
        foreach (var coordinate in _coordinates)
        {
            all |= 1 << coordinate;
        }

        // Errors of fewer shares could not be as independent as these are.
        for (var errors = _rank; errors <= MaxErrors; errors++)
        {
            if (LeaveOut(0, 0, errors, (ushort)all, accept))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Erases the syndromes.</summary>
    public void Dispose() => _tables?.Dispose();

    /// <summary>Leaves out so many shares more, in every way.</summary>
    /// <param name="depth">How many are left out.</param>
    /// <param name="next">The first that may be left out next.</param>
    /// <param name="errors">How many are to be left out in all.</param>
    /// <param name="remaining">The others.</param>
    /// <param name="accept">Gets those that fit together.</param>
    private bool LeaveOut(int depth, int next, int errors, ushort remaining, Func<ushort, bool> accept)
    {
        if (depth == errors)
        {
            var first = depth * _syndromeCount * RowLength;
            return !_tables!.Span.Slice(first, (_syndromeCount - depth) * RowLength).ContainsAnyExcept((byte)0) && accept(remaining);
        }

        for (var i = next; i <= _coordinates.Length - (errors - depth); i++)
        {
            var coordinate = _coordinates[i];
            for (var row = 0; row < _syndromeCount - depth - 1; row++)
            {
                Row(depth, row + 1).CopyTo(Row(depth + 1, row));
                Gf256.MultiplyAdd(coordinate, Row(depth, row), Row(depth + 1, row));
            }

            if (LeaveOut(depth + 1, i + 1, errors, (ushort)(remaining & ~(1 << coordinate)), accept))
            {
                return true;
            }
        }

        return false;
    }

    private Span<byte> Row(int depth, int row) => _tables!.Span.Slice(((depth * _syndromeCount) + row) * RowLength, RowLength);

    /// <summary>By what to weigh the shares in each syndrome: x^row over the product of the distances to all other coordinates.</summary>
    private static byte[][] ComputeWeights(ReadOnlySpan<byte> coordinates, int syndromeCount)
    {
        var weights = new byte[syndromeCount][];
        for (var row = 0; row < syndromeCount; row++)
        {
            weights[row] = new byte[coordinates.Length];
            for (var i = 0; i < coordinates.Length; i++)
            {
                weights[row][i] = row == 0 ? InverseDistances(coordinates, i) : Gf256.Multiply(weights[row - 1][i], coordinates[i]);
            }
        }

        return weights;
    }

    private static byte InverseDistances(ReadOnlySpan<byte> coordinates, int index)
    {
        byte product = 1;
        for (var i = 0; i < coordinates.Length; i++)
        {
            if (i != index)
            {
                product = Gf256.Multiply(product, Gf256.Add(coordinates[index], coordinates[i]));
            }
        }

        return Gf256.Inverse(product);
    }

    /// <summary>Gaussian elimination, row by row over whole spans: finds bytes whose syndromes span those of all bytes.</summary>
    private static List<int> FindIndependentColumns(IReadOnlyList<Share> shares, byte[][] weights)
    {
        var length = shares[0].Value.Length;
        using var syndromes = new SecretBytes(weights.Length * length);
        var columns = new List<int>();
        for (var start = 0; start < length; start += LinearCombination.StretchLength)
        {
            var stretch = Math.Min(LinearCombination.StretchLength, length - start);
            for (var row = 0; row < weights.Length; row++)
            {
                var sum = new LinearCombination(syndromes.Span.Slice((row * length) + start, stretch));
                for (var i = 0; i < shares.Count; i++)
                {
                    sum.Add(weights[row][i], shares[i].Value.Span.Slice(start, stretch));
                }

                sum.Complete();
            }
        }

        for (var row = 0; row < weights.Length; row++)
        {
            var current = syndromes.Span.Slice(row * length, length);
            var column = current.IndexOfAnyExcept((byte)0);
            if (column < 0)
            {
                continue;
            }

            columns.Add(column);
            var inverse = Gf256.Inverse(current[column]);
            for (var other = row + 1; other < weights.Length; other++)
            {
                var below = syndromes.Span.Slice(other * length, length);
                Gf256.MultiplyAdd(Gf256.Multiply(below[column], inverse), current, below);
            }
        }

        return columns;
    }
}
