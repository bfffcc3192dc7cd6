using System.Runtime.CompilerServices;

namespace Dske.Protocol.Fields;

/// <summary>Compares a kernel with <see cref="Gf256.Multiply"/>. A key rebuilt wrong would be one that nobody has.</summary>
internal static class Gf256KernelCheck
{
    // One of every element, and a few that begin again, so that rows have tails at any width.
    private const int RowLength = 256 + 7;

    // More than twice the widest register.
    private const int LongestTail = 80;

    /// <summary>Whether all 256 * 256 products are right, and sums of rows of all short lengths and as many terms as there may be.</summary>
    /// <param name="kernel">The kernel to check.</param>
    public static bool Passes(Gf256Kernel kernel)
    {
        Span<byte> row = stackalloc byte[RowLength];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (byte)(i % 256);
        }

        return ProductsAreRight(kernel, row) && SumsAreRight(kernel, row);
    }

    // Compiled at its best at once: it runs a single time, while a process starts.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ProductsAreRight(Gf256Kernel kernel, ReadOnlySpan<byte> row)
    {
        Span<byte> products = stackalloc byte[RowLength];
        for (var coefficient = 0; coefficient < 256; coefficient++)
        {
            var combination = new LinearCombination(products, kernel);
            combination.Add((byte)coefficient, row);
            combination.Complete();
            for (var i = 0; i < row.Length; i++)
            {
                if (products[i] != Gf256.Multiply((byte)coefficient, row[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // With 1 to 8 terms each way of adding up a few rows is used, by itself and on top of sums.
    private static bool SumsAreRight(Gf256Kernel kernel, ReadOnlySpan<byte> row)
    {
        Span<byte> sums = stackalloc byte[LongestTail];
        Span<byte> expected = stackalloc byte[LongestTail];
        for (var count = 1; count <= 2 * Gf256Terms.MaxCount; count++)
        {
            expected.Clear();
            for (var i = 0; i < count; i++)
            {
                Gf256.MultiplyAddBytes(Coefficient(i), row.Slice(i, LongestTail), expected);
            }

            for (var length = 0; length <= LongestTail; length++)
            {
                sums.Clear();
                var combination = new LinearCombination(sums[..length], kernel);
                for (var i = 0; i < count; i++)
                {
                    combination.Add(Coefficient(i), row.Slice(i, length));
                }

                combination.Complete();
                if (!sums[..length].SequenceEqual(expected[..length]) || sums[length..].ContainsAnyExcept((byte)0))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static byte Coefficient(int term) => (byte)(0x53 + (0x15 * term));
}
