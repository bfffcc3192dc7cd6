using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dske.Protocol.Fields;

/// <summary>Thirty-two elements, multiplied by the instruction for this very field (GF2P8MULB, with the same polynomial).</summary>
internal readonly struct GfniLanes : IGf256Lanes<Vector256<byte>, Vector256<byte>>
{
    /// <summary>Whether the processor has the instruction.</summary>
    public static bool IsSupported => Gfni.V256.IsSupported;

    /// <inheritdoc />
    public static int Width => Vector256<byte>.Count;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Prepare(byte coefficient) => Vector256.Create(coefficient);

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
    public static Vector256<byte> Multiply(Vector256<byte> elements, Vector256<byte> factor)
        => Gfni.V256.GaloisFieldMultiply(elements, factor);
}
