using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dske.Protocol.Fields;

/// <summary>
/// Goes through all rows at once, a register of each at a time: what is prepared of the coefficients stays in registers, each element is
/// read once, and each sum written once.
/// </summary>
/// <remarks>
/// The last register of a row begins where the row's end says, and mostly overlaps the one before. It is computed before anything is
/// written and stored after everything else, so that a row may be added to itself. The loops are compiled at their best at once: there
/// is nothing to learn from running them.
/// </remarks>
/// <typeparam name="TLanes">What is done with a register.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TFactor">What is prepared of a coefficient.</typeparam>
/// <param name="name">What to call it.</param>
/// <param name="narrower">What does rows that are shorter than a register; null for one element at a time.</param>
internal sealed partial class Gf256Kernel<TLanes, TVector, TFactor>(string name, Gf256Kernel? narrower) : Gf256Kernel(name)
    where TLanes : IGf256Lanes<TVector, TFactor>
{
    private static nuint Width => (nuint)TLanes.Width;

    /// <inheritdoc />
    public override void Sum(ref readonly Gf256Terms terms, Span<byte> destination, bool accumulate)
    {
        if (destination.Length < TLanes.Width)
        {
            SumShort(in terms, destination, accumulate);
            return;
        }

        switch (terms.Count)
        {
            case 1:
                SumOne(in terms, destination, accumulate);
                break;
            case 2:
                SumTwo(in terms, destination, accumulate);
                break;
            default:
                SumThree(in terms, destination, accumulate);
                break;
        }
    }

    private void SumShort(ref readonly Gf256Terms terms, Span<byte> destination, bool accumulate)
    {
        if (narrower is not null)
        {
            narrower.Sum(in terms, destination, accumulate);
            return;
        }

        for (var i = 0; i < destination.Length; i++)
        {
            var sum = accumulate ? destination[i] : (byte)0;
            sum ^= Gf256.Multiply(terms.First0, terms.Source0[i]);
            sum ^= terms.Count > 1 ? Gf256.Multiply(terms.First1, terms.Source1[i]) : (byte)0;
            sum ^= terms.Count > 2 ? Gf256.Multiply(terms.First2, terms.Source2[i]) : (byte)0;
            destination[i] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumOne(ref readonly Gf256Terms terms, Span<byte> destination, bool accumulate)
    {
        ref var sums = ref MemoryMarshal.GetReference(destination);
        ref var row = ref MemoryMarshal.GetReference(terms.Source0);
        var factor = TLanes.Prepare(terms.First0);
        var last = (nuint)destination.Length - Width;
        var end = AddBefore(accumulate, TLanes.Multiply(TLanes.Load(in row, last), factor), in sums, last);
        for (nuint offset = 0; offset < last; offset += Width)
        {
            TLanes.Store(AddBefore(accumulate, TLanes.Multiply(TLanes.Load(in row, offset), factor), in sums, offset), ref sums, offset);
        }

        TLanes.Store(end, ref sums, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumTwo(ref readonly Gf256Terms terms, Span<byte> destination, bool accumulate)
    {
        ref var sums = ref MemoryMarshal.GetReference(destination);
        ref var row0 = ref MemoryMarshal.GetReference(terms.Source0);
        ref var row1 = ref MemoryMarshal.GetReference(terms.Source1);
        var factor0 = TLanes.Prepare(terms.First0);
        var factor1 = TLanes.Prepare(terms.First1);
        var last = (nuint)destination.Length - Width;
        var end = Products(TLanes.Load(in row0, last), factor0, TLanes.Load(in row1, last), factor1);
        end = AddBefore(accumulate, end, in sums, last);
        for (nuint offset = 0; offset < last; offset += Width)
        {
            var sum = Products(TLanes.Load(in row0, offset), factor0, TLanes.Load(in row1, offset), factor1);
            TLanes.Store(AddBefore(accumulate, sum, in sums, offset), ref sums, offset);
        }

        TLanes.Store(end, ref sums, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumThree(ref readonly Gf256Terms terms, Span<byte> destination, bool accumulate)
    {
        ref var sums = ref MemoryMarshal.GetReference(destination);
        ref var row0 = ref MemoryMarshal.GetReference(terms.Source0);
        ref var row1 = ref MemoryMarshal.GetReference(terms.Source1);
        ref var row2 = ref MemoryMarshal.GetReference(terms.Source2);
        var factor0 = TLanes.Prepare(terms.First0);
        var factor1 = TLanes.Prepare(terms.First1);
        var factor2 = TLanes.Prepare(terms.First2);
        var last = (nuint)destination.Length - Width;
        var end = Products(
            TLanes.Load(in row0, last), factor0, TLanes.Load(in row1, last), factor1, TLanes.Load(in row2, last), factor2);
        end = AddBefore(accumulate, end, in sums, last);
        for (nuint offset = 0; offset < last; offset += Width)
        {
            var sum = Products(
                TLanes.Load(in row0, offset), factor0, TLanes.Load(in row1, offset), factor1, TLanes.Load(in row2, offset), factor2);
            TLanes.Store(AddBefore(accumulate, sum, in sums, offset), ref sums, offset);
        }

        TLanes.Store(end, ref sums, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Products(TVector elements0, TFactor factor0, TVector elements1, TFactor factor1)
        => TLanes.Add(TLanes.Multiply(elements0, factor0), TLanes.Multiply(elements1, factor1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Products(
        TVector elements0, TFactor factor0, TVector elements1, TFactor factor1, TVector elements2, TFactor factor2)
        => TLanes.Add(Products(elements0, factor0, elements1, factor1), TLanes.Multiply(elements2, factor2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddBefore(bool accumulate, TVector sum, ref readonly byte sums, nuint offset)
        => accumulate ? TLanes.Add(sum, TLanes.Load(in sums, offset)) : sum;
}
