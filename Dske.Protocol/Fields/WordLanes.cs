using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dske.Protocol.Fields;

/// <summary>Eight elements in a general register. Every processor has it.</summary>
internal readonly struct WordLanes : IGf256Lanes<ulong, byte>
{
    private const ulong LowBits = 0x7F7F_7F7F_7F7F_7F7F;
    private const ulong TopBits = 0x8080_8080_8080_8080;

    // What remains of x^8 in each byte.
    private const ulong Reductions = 0x1B1B_1B1B_1B1B_1B1B;

    /// <inheritdoc />
    public static int Width => sizeof(ulong);

    /// <inheritdoc />
    public static byte Prepare(byte coefficient) => coefficient;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ref readonly byte row, nuint offset)
        => Unsafe.ReadUnaligned<ulong>(in Unsafe.AddByteOffset(ref Unsafe.AsRef(in row), offset));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong elements, ref byte row, nuint offset)
        => Unsafe.WriteUnaligned(ref Unsafe.AddByteOffset(ref row, offset), elements);

    /// <inheritdoc />
    public static ulong Add(ulong a, ulong b) => a ^ b;

    /// <inheritdoc />
    /// <remarks>Horner's rule over the coefficient's bits.</remarks>
    public static ulong Multiply(ulong elements, byte factor)
    {
        if (factor == 0)
        {
            return 0;
        }

        var product = elements;
        for (var bit = BitOperations.Log2(factor) - 1; bit >= 0; bit--)
        {
            // Where a top bit is set: 0x80 - 0x01 = 0x7F, which selects the reduction. No byte borrows from its neighbour.
            var overflow = product & TopBits;
            product = ((product & LowBits) << 1) ^ ((overflow - (overflow >> 7)) & Reductions);
            if (((factor >> bit) & 1) != 0)
            {
                product ^= elements;
            }
        }

        return product;
    }
}
