using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Dske.Protocol.Fields;

/// <summary>Sixteen elements, multiplied by <see cref="NibbleTables{TVector}"/> in registers (SSSE3, or AdvSimd on Arm).</summary>
internal readonly struct Nibble128Lanes : IGf256Lanes<Vector128<byte>, NibbleTables<Vector128<byte>>>
{
    /// <summary>
    /// Whether the processor picks from a register in one instruction. Elsewhere the framework would do it in memory, where it shows
    /// in the cache what was picked.
    /// </summary>
    public static bool IsSupported => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <inheritdoc />
    public static int Width => Vector128<byte>.Count;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibbleTables<Vector128<byte>> Prepare(byte coefficient)
    {
        ref readonly var tables = ref NibbleTables.Of(coefficient);
        return new(Vector128.LoadUnsafe(in tables), Vector128.LoadUnsafe(in tables, (nuint)Vector128<byte>.Count));
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ref readonly byte row, nuint offset) => Vector128.LoadUnsafe(in row, offset);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> elements, ref byte row, nuint offset) => elements.StoreUnsafe(ref row, offset);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> a, Vector128<byte> b) => a ^ b;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Multiply(Vector128<byte> elements, NibbleTables<Vector128<byte>> factor)
    {
        var half = Vector128.Create((byte)0x0F);
        var low = Vector128.ShuffleNative(factor.Low, elements & half);
        var high = Vector128.ShuffleNative(factor.High, (elements.AsUInt16() >>> 4).AsByte() & half);
        return low ^ high;
    }
}
