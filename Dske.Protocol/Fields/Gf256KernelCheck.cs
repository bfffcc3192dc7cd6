using System.Runtime.CompilerServices;

namespace Dske.Protocol.Fields;

/// <summary>Compares a kernel with <see cref="Gf256.Multiply"/>. A key rebuilt wrong would be one that nobody has.</summary>
internal static class Gf256KernelCheck
{
    // One of every element, and a few that begin again, so that rows have tails at any width.
    private const int RowLength = 256 + 7;

    // More than twice the widest register.
    private const int LongestTail = 80;

    /// <summary>Whether all 256 * 256 products are right, and sums of a few rows of every short length, one and two at a time.</summary>
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

    // With 1 to 6 terms each way of adding up a few rows is used, by itself and on top of sums.
    private static bool SumsAreRight(Gf256Kernel kernel, ReadOnlySpan<byte> row)
    {
        Span<byte> first = stackalloc byte[LongestTail];
        Span<byte> second = stackalloc byte[LongestTail];
        for (var count = 1; count <= 2 * Gf256Terms.MaxCount; count++)
        {
            first.Clear();
            second.Clear();
            for (var i = 0; i < count; i++)
            {
                Gf256.MultiplyAddBytes(FirstCoefficient(i), row.Slice(i, LongestTail), first);
                Gf256.MultiplyAddBytes(SecondCoefficient(i), row.Slice(i, LongestTail), second);
            }

            for (var length = 0; length <= LongestTail; length++)
            {
                if (!SumIsRight(kernel, row, count, first[..length]) || !PairIsRight(kernel, row, count, first[..length], second[..length]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool SumIsRight(Gf256Kernel kernel, ReadOnlySpan<byte> row, int count, ReadOnlySpan<byte> expected)
    {
        Span<byte> sums = stackalloc byte[LongestTail];
        sums.Clear();
        var combination = new LinearCombination(sums[..expected.Length], kernel);
        for (var i = 0; i < count; i++)
        {
            combination.Add(FirstCoefficient(i), row.Slice(i, expected.Length));
        }

        combination.Complete();
        return Holds(sums, expected);
    }

    private static bool PairIsRight(
        Gf256Kernel kernel, ReadOnlySpan<byte> row, int count, ReadOnlySpan<byte> expectedFirst, ReadOnlySpan<byte> expectedSecond)
    {
        Span<byte> first = stackalloc byte[LongestTail];
        Span<byte> second = stackalloc byte[LongestTail];
        first.Clear();
        second.Clear();
        var combinations = new LinearCombinationPair(first[..expectedFirst.Length], second[..expectedSecond.Length], kernel);
        for (var i = 0; i < count; i++)
        {
            combinations.Add(FirstCoefficient(i), SecondCoefficient(i), row.Slice(i, expectedFirst.Length));
        }

        combinations.Complete();
        return Holds(first, expectedFirst) && Holds(second, expectedSecond);
    }

    private static bool Holds(ReadOnlySpan<byte> sums, ReadOnlySpan<byte> expected)
        => sums.StartsWith(expected) && !sums[expected.Length..].ContainsAnyExcept((byte)0);

    private static byte FirstCoefficient(int term) => (byte)(0x53 + (0x15 * term));

    private static byte SecondCoefficient(int term) => (byte)(0xE1 - (0x1D * term));
}
