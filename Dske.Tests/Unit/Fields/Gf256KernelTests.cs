using Dske.Protocol.Fields;

namespace Dske.Tests.Unit.Fields;

[Trait("Tier", "Unit")]
public sealed class Gf256KernelTests
{
    private const int LongestRow = 200;

    /// <summary>All that this machine can run.</summary>
    public static TheoryData<string> Kernels => [.. Gf256Kernel.Supported.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_product_comes_out_at_every_place_of_a_register(string kernel)
    {
        // 256 elements and 32 more, so that each element stands at each place of the widest register once while the row is shifted.
        for (var shift = 0; shift < 32; shift++)
        {
            var source = Enumerable.Range(0, 288).Select(i => (byte)(i + shift)).ToArray();
            for (var coefficient = 0; coefficient < 256; coefficient++)
            {
                var actual = new byte[source.Length];
                var combination = new LinearCombination(actual, Named(kernel));
                combination.Add((byte)coefficient, source);
                combination.Complete();

                var expected = new byte[source.Length];
                Gf256.MultiplyAddBytes((byte)coefficient, source, expected);
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"{coefficient}, {shift}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Any_number_of_rows_of_any_length_is_added_up(string kernel)
    {
        var random = new Random(1);
        for (var count = 1; count <= 16; count++)
        {
            for (var length = 0; length <= LongestRow; length++)
            {
                var rows = Rows(random, count);
                var coefficients = Coefficients(random, count);
                var memory = new byte[LongestRow + 64];
                random.NextBytes(memory);
                var start = random.Next(1, 33);
                var expected = memory.ToArray();
                expected.AsSpan(start, length).Clear();
                var combination = new LinearCombination(memory.AsSpan(start, length), Named(kernel));
                for (var i = 0; i < count; i++)
                {
                    // Each row is aligned in its own way.
                    combination.Add(coefficients[i], rows[i].AsSpan(i, length));
                    Gf256.MultiplyAddBytes(coefficients[i], rows[i].AsSpan(i, length), expected.AsSpan(start, length));
                }

                combination.Complete();

                // What was there is written over, and what is around stays.
                Assert.True(expected.AsSpan().SequenceEqual(memory), $"{count} rows of {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Two_sums_of_the_same_rows_are_what_each_is_alone(string kernel)
    {
        var random = new Random(2);
        for (var count = 1; count <= 16; count++)
        {
            for (var length = 0; length <= LongestRow; length++)
            {
                var rows = Rows(random, count);
                var first = Coefficients(random, count);
                var second = Coefficients(random, count);
                var memory = new byte[2 * LongestRow];
                random.NextBytes(memory);
                var expected = memory.ToArray();
                expected.AsSpan(0, 2 * length).Clear();

                // One right behind the other, so that a store too far would show.
                var pair = new LinearCombinationPair(memory.AsSpan(0, length), memory.AsSpan(length, length), Named(kernel));
                for (var i = 0; i < count; i++)
                {
                    var row = rows[i].AsSpan(i, length);
                    pair.Add(first[i], second[i], row);
                    Gf256.MultiplyAddBytes(first[i], row, expected.AsSpan(0, length));
                    Gf256.MultiplyAddBytes(second[i], row, expected.AsSpan(length, length));
                }

                pair.Complete();

                Assert.True(expected.AsSpan().SequenceEqual(memory), $"{count} rows of {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_row_of_any_length_may_be_added_to_itself(string kernel)
    {
        var random = new Random(3);
        for (var length = 0; length <= LongestRow; length++)
        {
            var row = new byte[length];
            random.NextBytes(row);
            var coefficient = (byte)random.Next(256);
            var expected = row.Select(element => Gf256.Multiply((byte)(coefficient ^ 1), element)).ToArray();

            Gf256.MultiplyAdd(Named(kernel), coefficient, row, row);

            Assert.Equal(expected, row);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_multiple_of_a_row_of_any_length_is_added_to_another(string kernel)
    {
        var random = new Random(4);
        for (var length = 0; length <= LongestRow; length++)
        {
            var source = new byte[length];
            var actual = new byte[length];
            random.NextBytes(source);
            random.NextBytes(actual);
            var expected = actual.ToArray();
            var coefficient = (byte)random.Next(256);

            Gf256.MultiplyAdd(Named(kernel), coefficient, source, actual);

            Gf256.MultiplyAddBytes(coefficient, source, expected);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void The_best_kernel_is_the_first_that_the_processor_has()
    {
        Assert.Same(Gf256Kernel.Supported[0], Gf256Kernel.Best);
        Assert.Same(Gf256Kernel.Scalar, Gf256Kernel.Supported[^1]);
        Assert.All(Gf256Kernel.Supported, kernel => Assert.True(Gf256KernelCheck.Passes(kernel), kernel.Name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0x53)]
    [InlineData(255)]
    public void A_kernel_with_one_wrong_product_is_never_used(byte coefficient)
    {
        var wrong = new FaultyKernel(
            (terms, sums, _) =>
            {
                var place = terms.Source0.IndexOf((byte)0xCA);
                if (terms.First0 == coefficient && place >= 0)
                {
                    sums[place] ^= 1;
                }
            },
            (_, _, _, _) => { });

        Assert.Same(Gf256Kernel.Scalar, Gf256Kernel.Choose([wrong, Gf256Kernel.Scalar]));
    }

    [Fact]
    public void A_kernel_that_is_wrong_at_the_end_of_a_row_is_never_used() => AssertRefused(
        (_, sums, _) => sums[^1] ^= (byte)(sums.Length % 32 == 31 ? 1 : 0), (_, _, _, _) => { });

    [Fact]
    public void A_kernel_that_forgets_earlier_sums_is_never_used() => AssertRefused(
        (_, sums, before) => sums[0] ^= before is null ? (byte)0 : before[0], (_, _, _, _) => { });

    [Fact]
    public void A_kernel_that_is_wrong_in_the_second_of_two_sums_is_never_used() => AssertRefused(
        (_, _, _) => { }, (_, _, second, _) => second[^1] ^= 1);

    [Fact]
    public void A_kernel_without_faults_is_used()
    {
        var sound = new FaultyKernel((_, _, _) => { }, (_, _, _, _) => { });

        Assert.Same(sound, Gf256Kernel.Choose([sound, Gf256Kernel.Scalar]));
    }

    private static void AssertRefused(FaultyKernel.SumFault sumFault, FaultyKernel.PairFault pairFault)
        => Assert.Same(Gf256Kernel.Scalar, Gf256Kernel.Choose([new FaultyKernel(sumFault, pairFault), Gf256Kernel.Scalar]));

    private static Gf256Kernel Named(string name) => Gf256Kernel.Supported.Single(kernel => kernel.Name == name);

    private static byte[][] Rows(Random random, int count)
    {
        var rows = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            rows[i] = new byte[LongestRow + 16];
            random.NextBytes(rows[i]);
        }

        return rows;
    }

    // About one in eight is 0, which kernels mostly do not get to see.
    private static byte[] Coefficients(Random random, int count)
        => [.. Enumerable.Range(0, count).Select(_ => random.Next(8) == 0 ? (byte)0 : (byte)random.Next(256))];
}
