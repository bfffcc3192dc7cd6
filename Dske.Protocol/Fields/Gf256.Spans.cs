using System.Numerics;
using System.Runtime.InteropServices;

namespace Dske.Protocol.Fields;

/// <content>Arithmetic on many elements at a time.</content>
public static partial class Gf256
{
    private const ulong LowBits = 0x7F7F_7F7F_7F7F_7F7F;
    private const ulong TopBits = 0x8080_8080_8080_8080;

    // What remains of x^8 in each byte.
    private const ulong Reductions = 0x1B1B_1B1B_1B1B_1B1B;

    /// <summary>
    /// Adds a multiple of one row of elements to another: <c>accumulator[i] += coefficient * source[i]</c>. Interpolation is a
    /// few of these.
    /// </summary>
    /// <param name="coefficient">The factor. It is public: the time taken may tell it.</param>
    /// <param name="source">The elements to multiply; they may be secret.</param>
    /// <param name="accumulator">
    /// The elements to add to, as many as in <paramref name="source"/>; they may be secret. May be the very same memory as
    /// <paramref name="source"/>, but not overlap it in part.
    /// </param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part.</exception>
    public static void MultiplyAdd(byte coefficient, ReadOnlySpan<byte> source, Span<byte> accumulator)
    {
        if (source.Length != accumulator.Length)
        {
            throw new ArgumentException(
                $"The accumulator has {accumulator.Length} bytes, the source {source.Length}.", nameof(accumulator));
        }

        if (source.Overlaps(accumulator, out var offset) && offset != 0)
        {
            throw new ArgumentException("The accumulator overlaps the source in part.", nameof(accumulator));
        }

        if (coefficient == 0)
        {
            return;
        }

        var sourceWords = MemoryMarshal.Cast<byte, ulong>(source);
        var accumulatorWords = MemoryMarshal.Cast<byte, ulong>(accumulator);
        for (var i = 0; i < sourceWords.Length; i++)
        {
            accumulatorWords[i] ^= MultiplyWord(coefficient, sourceWords[i]);
        }

        var done = sourceWords.Length * sizeof(ulong);
        MultiplyAddBytes(coefficient, source[done..], accumulator[done..]);
    }

    /// <summary>The same, one byte at a time: what the faster ways are tested against.</summary>
    internal static void MultiplyAddBytes(byte coefficient, ReadOnlySpan<byte> source, Span<byte> accumulator)
    {
        for (var i = 0; i < source.Length; i++)
        {
            accumulator[i] ^= Multiply(coefficient, source[i]);
        }
    }

    // Horner's rule over the coefficient's bits, for eight elements side by side.
    private static ulong MultiplyWord(byte coefficient, ulong elements)
    {
        var product = elements;
        for (var bit = BitOperations.Log2(coefficient) - 1; bit >= 0; bit--)
        {
            // Where a top bit is set: 0x80 - 0x01 = 0x7F, which selects the reduction. No byte borrows from its neighbour.
            var overflow = product & TopBits;
            product = ((product & LowBits) << 1) ^ ((overflow - (overflow >> 7)) & Reductions);
            if (((coefficient >> bit) & 1) != 0)
            {
                product ^= elements;
            }
        }

        return product;
    }
}
