using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dske.Protocol.Fields;

/// <summary>
/// The products of one coefficient with the 16 elements whose upper half is 0, and with the 16 whose lower half is. An element is the
/// sum of two of these, and so its product is the sum of two of the products.
/// </summary>
/// <remarks>
/// Secrets are never an index into memory. The tables of one coefficient, which is public, are read whole into two registers, whatever
/// they are to be used for. From there an instruction picks the products by the halves of secret elements, all bytes of a register at once
/// (PSHUFB, TBL). It takes the same time whatever it picks, and the cache has no part in it.
/// </remarks>
/// <typeparam name="TVector">The register.</typeparam>
/// <param name="low">What the lower half of an element picks from.</param>
/// <param name="high">What the upper half picks from.</param>
internal readonly struct NibbleTables<TVector>(TVector low, TVector high)
    where TVector : struct
{
    /// <summary>What the lower half of an element picks from.</summary>
    public readonly TVector Low = low;

    /// <summary>What the upper half picks from.</summary>
    public readonly TVector High = high;
}

/// <summary>The tables of all coefficients, one after the other: 8 KiB.</summary>
internal static class NibbleTables
{
    private const int HalfLength = 16;
    private const int Length = 2 * HalfLength;

    private static readonly byte[] All = ComputeAll();

    /// <summary>The first byte of both tables of a coefficient: 16 bytes for lower halves, then 16 for upper ones.</summary>
    /// <param name="coefficient">The coefficient; it is public.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref readonly byte Of(byte coefficient)
        => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(All), coefficient * Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte[] ComputeAll()
    {
        var all = new byte[256 * Length];
        for (var coefficient = 0; coefficient < 256; coefficient++)
        {
            var tables = all.AsSpan(coefficient * Length, Length);
            for (var half = 0; half < HalfLength; half++)
            {
                tables[half] = Gf256.Multiply((byte)coefficient, (byte)half);
                tables[HalfLength + half] = Gf256.Multiply((byte)coefficient, (byte)(half << 4));
            }
        }

        return all;
    }
}
