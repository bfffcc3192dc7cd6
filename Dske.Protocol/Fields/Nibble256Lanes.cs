using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dske.Protocol.Fields;

/// <summary>Thirty-two elements, multiplied by <see cref="NibbleTables{TVector}"/> in registers (AVX2).</summary>
internal readonly struct Nibble256Lanes : IGf256Lanes<Vector256<byte>, NibbleTables<Vector256<byte>>>
{
    /// <summary>Whether the processor has the instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <inheritdoc />
    public static int Width => Vector256<byte>.Count;

    /// <inheritdoc />
    /// <remarks>The instruction picks within each half of a register, so that each has both tables.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibbleTables<Vector256<byte>> Prepare(byte coefficient)
    {
        ref readonly var tables = ref NibbleTables.Of(coefficient);
        var low = Vector128.LoadUnsafe(in tables);
        var high = Vector128.LoadUnsafe(in tables, (nuint)Vector128<byte>.Count);
        return new(Vector256.Create(low, low), Vector256.Create(high, high));
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(ref readonly byte row, nuint offset) => Vector256.LoadUnsafe(in row, offset);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> elements, ref byte row, nuint offset) => elements.StoreUnsafe(ref row, offset);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(Vector256<byte> a, Vector256<byte> b) => a ^ b;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Multiply(Vector256<byte> elements, NibbleTables<Vector256<byte>> factor)
    {
        var half = Vector256.Create((byte)0x0F);
        var low = Avx2.Shuffle(factor.Low, elements & half);
        var high = Avx2.Shuffle(factor.High, (elements.AsUInt16() >>> 4).AsByte() & half);
        return low ^ high;
    }
}
