using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dske.Protocol.Fields;

/// <content>Two sums of the same rows: what is read, and taken apart to be multiplied, serves both.</content>
internal sealed partial class Gf256Kernel<TLanes, TVector, TFactor>
{
    /// <inheritdoc />
    public override void SumPair(ref readonly Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate)
    {
        if (first.Length < TLanes.Width)
        {
            SumShortPair(in terms, first, second, accumulate);
            return;
        }

        switch (terms.Count)
        {
            case 1:
                SumPairOfOne(in terms, first, second, accumulate);
                break;
            case 2:
                SumPairOfTwo(in terms, first, second, accumulate);
                break;
            default:
                SumPairOfThree(in terms, first, second, accumulate);
                break;
        }
    }

    private void SumShortPair(ref readonly Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate)
    {
        if (narrower is not null)
        {
            narrower.SumPair(in terms, first, second, accumulate);
            return;
        }

        SumShort(in terms, first, accumulate);
        var others = terms;
        (others.First0, others.First1, others.First2) = (terms.Second0, terms.Second1, terms.Second2);
        SumShort(in others, second, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumPairOfOne(ref readonly Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate)
    {
        ref var sums = ref MemoryMarshal.GetReference(first);
        ref var others = ref MemoryMarshal.GetReference(second);
        ref var row = ref MemoryMarshal.GetReference(terms.Source0);
        var factor = TLanes.Prepare(terms.First0);
        var other = TLanes.Prepare(terms.Second0);
        var last = (nuint)first.Length - Width;
        var elements = TLanes.Load(in row, last);
        var end = AddBefore(accumulate, TLanes.Multiply(elements, factor), in sums, last);
        var otherEnd = AddBefore(accumulate, TLanes.Multiply(elements, other), in others, last);
        for (nuint offset = 0; offset < last; offset += Width)
        {
            elements = TLanes.Load(in row, offset);
            TLanes.Store(AddBefore(accumulate, TLanes.Multiply(elements, factor), in sums, offset), ref sums, offset);
            TLanes.Store(AddBefore(accumulate, TLanes.Multiply(elements, other), in others, offset), ref others, offset);
        }

        TLanes.Store(end, ref sums, last);
        TLanes.Store(otherEnd, ref others, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumPairOfTwo(ref readonly Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate)
    {
        ref var sums = ref MemoryMarshal.GetReference(first);
        ref var others = ref MemoryMarshal.GetReference(second);
        ref var row0 = ref MemoryMarshal.GetReference(terms.Source0);
        ref var row1 = ref MemoryMarshal.GetReference(terms.Source1);
        var factor0 = TLanes.Prepare(terms.First0);
        var factor1 = TLanes.Prepare(terms.First1);
        var other0 = TLanes.Prepare(terms.Second0);
        var other1 = TLanes.Prepare(terms.Second1);
        var last = (nuint)first.Length - Width;
        var elements0 = TLanes.Load(in row0, last);
        var elements1 = TLanes.Load(in row1, last);
        var end = AddBefore(accumulate, Products(elements0, factor0, elements1, factor1), in sums, last);
        var otherEnd = AddBefore(accumulate, Products(elements0, other0, elements1, other1), in others, last);
        for (nuint offset = 0; offset < last; offset += Width)
        {
            elements0 = TLanes.Load(in row0, offset);
            elements1 = TLanes.Load(in row1, offset);
            var sum = Products(elements0, factor0, elements1, factor1);
            var otherSum = Products(elements0, other0, elements1, other1);
            TLanes.Store(AddBefore(accumulate, sum, in sums, offset), ref sums, offset);
            TLanes.Store(AddBefore(accumulate, otherSum, in others, offset), ref others, offset);
        }

        TLanes.Store(end, ref sums, last);
        TLanes.Store(otherEnd, ref others, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumPairOfThree(ref readonly Gf256Terms terms, Span<byte> first, Span<byte> second, bool accumulate)
    {
        ref var sums = ref MemoryMarshal.GetReference(first);
        ref var others = ref MemoryMarshal.GetReference(second);
        ref var row0 = ref MemoryMarshal.GetReference(terms.Source0);
        ref var row1 = ref MemoryMarshal.GetReference(terms.Source1);
        ref var row2 = ref MemoryMarshal.GetReference(terms.Source2);
        var factor0 = TLanes.Prepare(terms.First0);
        var factor1 = TLanes.Prepare(terms.First1);
        var factor2 = TLanes.Prepare(terms.First2);
        var other0 = TLanes.Prepare(terms.Second0);
        var other1 = TLanes.Prepare(terms.Second1);
        var other2 = TLanes.Prepare(terms.Second2);
        var last = (nuint)first.Length - Width;
        var elements0 = TLanes.Load(in row0, last);
        var elements1 = TLanes.Load(in row1, last);
        var elements2 = TLanes.Load(in row2, last);
        var end = Products(elements0, factor0, elements1, factor1, elements2, factor2);
        end = AddBefore(accumulate, end, in sums, last);
        var otherEnd = Products(elements0, other0, elements1, other1, elements2, other2);
        otherEnd = AddBefore(accumulate, otherEnd, in others, last);
        for (nuint offset = 0; offset < last; offset += Width)
        {
            elements0 = TLanes.Load(in row0, offset);
            elements1 = TLanes.Load(in row1, offset);
            elements2 = TLanes.Load(in row2, offset);
            var sum = Products(elements0, factor0, elements1, factor1, elements2, factor2);
            var otherSum = Products(elements0, other0, elements1, other1, elements2, other2);
            TLanes.Store(AddBefore(accumulate, sum, in sums, offset), ref sums, offset);
            TLanes.Store(AddBefore(accumulate, otherSum, in others, offset), ref others, offset);
        }

        TLanes.Store(end, ref sums, last);
        TLanes.Store(otherEnd, ref others, last);
    }
}
