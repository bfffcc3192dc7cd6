using Dske.Protocol.Fields;

namespace Dske.Tests.Unit.Fields;

/// <summary>Does what <see cref="Gf256Kernel.Scalar"/> does, and then spoils it. Rows without elements are left alone.</summary>
internal sealed class FaultyKernel(FaultyKernel.SumFault sumFault, FaultyKernel.PairFault pairFault) : Gf256Kernel("faulty")
{
    /// <summary>Spoils sums; <paramref name="before"/> is what was there if they were added to it.</summary>
    public delegate void SumFault(Gf256Terms terms, Span<byte> sums, byte[]? before);

    /// <summary>Spoils two rows of sums.</summary>
    public delegate void PairFault(Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate);

    public override void Sum(ref readonly Gf256Terms terms, Span<byte> destination, bool accumulate)
    {
        var before = accumulate ? destination.ToArray() : null;
        Scalar.Sum(in terms, destination, accumulate);
        if (destination.Length > 0)
        {
            sumFault(terms, destination, before);
        }
    }

    public override void SumPair(ref readonly Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate)
    {
        Scalar.SumPair(in terms, first, second, accumulate);
        if (first.Length > 0)
        {
            pairFault(terms, first, second, accumulate);
        }
    }
}
