using System.Diagnostics.CodeAnalysis;

namespace Dske.Protocol.Psrd;

/// <summary>
/// What names PSRD on the wire: one or more fragments, whose bytes in this order are the key or the pad (guide, "Pre-Shared Random
/// Data"). Immutable.
/// </summary>
public sealed class Allocation
{
    /// <summary>The most fragments of a signing key.</summary>
    public const int MaxKeyFragments = 16;

    /// <summary>The most fragments of a one-time pad.</summary>
    public const int MaxPadFragments = 2048;

    private readonly Fragment[] _fragments;

    /// <summary>Makes an allocation of the given fragments.</summary>
    /// <param name="fragments">The fragments in order; copied.</param>
    public Allocation(params ReadOnlySpan<Fragment> fragments)
    {
        _fragments = fragments.ToArray();
        Size = TotalOf(_fragments);
    }

    private Allocation(Fragment[] fragments)
    {
        _fragments = fragments;
        Size = TotalOf(fragments);
    }

    /// <summary>The fragments, in the order in which their bytes are joined.</summary>
    public ReadOnlySpan<Fragment> Fragments => _fragments;

    /// <summary>The number of bytes, or -1 when the fragments a peer sent add up to nothing sensible.</summary>
    public long Size { get; }

    /// <summary>Takes over an array that nobody else holds.</summary>
    internal static Allocation Own(Fragment[] fragments) => new(fragments);

    /// <summary>Reads fragments joined by commas, each in its canonical spelling (<see cref="Fragment.TryParse"/>).</summary>
    /// <param name="text">The encoded allocation.</param>
    /// <param name="maxFragments">The most fragments to accept; at least 1.</param>
    /// <param name="allocation">The allocation, when the result is true.</param>
    /// <returns>False when the text is anything else, or has too many fragments.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, int maxFragments, [NotNullWhen(true)] out Allocation? allocation)
    {
        allocation = null;
        var count = text.Count(',') + 1;
        if (count > maxFragments)
        {
            return false;
        }

        var fragments = new Fragment[count];
        var index = 0;
        foreach (var range in text.Split(','))
        {
            if (!Fragment.TryParse(text[range], out fragments[index++]))
            {
                return false;
            }
        }

        allocation = new Allocation(fragments);
        return true;
    }

    /// <summary>The canonical spelling: fragments joined by commas.</summary>
    public override string ToString() => string.Join(',', _fragments);

    private static long TotalOf(Fragment[] fragments)
    {
        long total = 0;
        foreach (var fragment in fragments)
        {
            if (fragment.Size < 0 || fragment.Size > int.MaxValue)
            {
                return -1;
            }

            total += fragment.Size;
        }

        return total;
    }
}
