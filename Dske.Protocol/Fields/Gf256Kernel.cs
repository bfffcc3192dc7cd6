using System.Runtime.Intrinsics;

namespace Dske.Protocol.Fields;

/// <summary>
/// A way to add up multiples of rows of elements, by the instructions of some kind of processor. It takes the same time and touches the
/// same memory whatever the elements are.
/// </summary>
/// <remarks>
/// <see cref="Best"/> is the fastest one that the processor has and that gets every product right: each is checked before it is used, by
/// <see cref="Gf256KernelCheck"/>. One that fails is never used, and the next one is. Stateless, hence safe for concurrent use.
/// </remarks>
/// <param name="name">What to call it: the width in bits, or the instruction.</param>
internal abstract class Gf256Kernel(string name)
{
    /// <summary>Eight elements at a time, in general registers.</summary>
    public static Gf256Kernel Scalar { get; } = new Gf256Kernel<WordLanes, ulong, byte>("Scalar", null);

    /// <summary>All that the processor has, the fastest first, checked or not; the last is <see cref="Scalar"/>.</summary>
    public static IReadOnlyList<Gf256Kernel> Supported { get; } = FindSupported();

    /// <summary>What is used unless something else is asked for.</summary>
    public static Gf256Kernel Best { get; } = Choose(Supported);

    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>Adds up multiples of rows: <c>destination[i] = first0 * source0[i] + first1 * source1[i] + ...</c></summary>
    /// <param name="terms">The rows and their coefficients, at least one. The second coefficients mean nothing.</param>
    /// <param name="destination">
    /// Where the sums go, as long as each row. May be the very same memory as rows among <paramref name="terms"/>, but not overlap any in part.
    /// </param>
    /// <param name="accumulate">Whether to add the sums to what is in <paramref name="destination"/>, rather than to write over it.</param>
    public abstract void Sum(ref readonly Gf256Terms terms, Span<byte> destination, bool accumulate);

    /// <summary>Adds up multiples of the same rows in two ways, which takes less than twice the time of one.</summary>
    /// <param name="terms">The rows and both coefficients of each, at least one row.</param>
    /// <param name="first">Where the sums by the first coefficients go, as long as each row. Must not overlap any row.</param>
    /// <param name="second">Where those by the second ones go. Must overlap neither rows nor <paramref name="first"/>.</param>
    /// <param name="accumulate">Whether to add to what is in both, rather than to write over it.</param>
    public abstract void SumPair(ref readonly Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate);

    /// <summary>Takes the first that is right.</summary>
    /// <param name="kernels">The kernels, the preferred one first, the last one to be taken without a check.</param>
    internal static Gf256Kernel Choose(IReadOnlyList<Gf256Kernel> kernels)
        => kernels.SkipLast(1).FirstOrDefault(Gf256KernelCheck.Passes) ?? kernels[^1];

    /// <inheritdoc />
    public sealed override string ToString() => Name;

    private static List<Gf256Kernel> FindSupported()
    {
        var kernels = new List<Gf256Kernel> { Scalar };
        if (Nibble128Lanes.IsSupported)
        {
            kernels.Add(new Gf256Kernel<Nibble128Lanes, Vector128<byte>, NibbleTables<Vector128<byte>>>("128", kernels[^1]));
        }

        if (Nibble256Lanes.IsSupported)
        {
            kernels.Add(new Gf256Kernel<Nibble256Lanes, Vector256<byte>, NibbleTables<Vector256<byte>>>("256", kernels[^1]));
        }

        if (GfniLanes.IsSupported)
        {
            kernels.Add(new Gf256Kernel<GfniLanes, Vector256<byte>, Vector256<byte>>("Gfni", kernels.Find(kernel => kernel.Name == "128") ?? Scalar));
        }

        kernels.Reverse();
        return kernels;
    }
}
