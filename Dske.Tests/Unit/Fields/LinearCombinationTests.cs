using System.Reflection;
using System.Runtime.CompilerServices;
using Dske.Protocol.Fields;

namespace Dske.Tests.Unit.Fields;

[Trait("Tier", "Unit")]
public sealed class LinearCombinationTests
{
    [Fact]
    public void Without_terms_it_is_zero()
    {
        byte[] one = [1, 2, 3], first = [4, 5, 6], second = [7, 8, 9];

        new LinearCombination(one).Complete();
        new LinearCombinationPair(first, second).Complete();

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0], [.. one, .. first, .. second]);
    }

    [Fact]
    public void Terms_with_the_factor_zero_count_for_nothing()
    {
        byte[] one = [1, 2, 3], first = [4, 5, 6], second = [7, 8, 9];

        var combination = new LinearCombination(one);
        combination.Add(0, [10, 11, 12]);
        combination.Complete();
        var pair = new LinearCombinationPair(first, second);
        pair.Add(0, 0, [10, 11, 12]);
        pair.Complete();

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0], [.. one, .. first, .. second]);
    }

    [Fact]
    public void One_of_two_factors_may_be_zero()
    {
        byte[] first = new byte[40], second = new byte[40], row = [.. Enumerable.Range(1, 40).Select(i => (byte)i)];

        var pair = new LinearCombinationPair(first, second);
        pair.Add(0, 1, row);
        pair.Complete();

        Assert.Equal(new byte[40], first);
        Assert.Equal(row, second);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(19)]
    public void Overlap_is_refused(int offset)
    {
        var memory = new byte[100];

        Assert.Throws<ArgumentException>("source", () => new LinearCombination(memory.AsSpan(40, 20)).Add(0, memory.AsSpan(40 + offset, 20)));
        Assert.Throws<ArgumentException>(
            "source", () => new LinearCombinationPair(memory.AsSpan(40, 20), new byte[20]).Add(0, 0, memory.AsSpan(40 + offset, 20)));
        Assert.Throws<ArgumentException>(
            "source", () => new LinearCombinationPair(new byte[20], memory.AsSpan(40, 20)).Add(0, 0, memory.AsSpan(40 + offset, 20)));
        Assert.Throws<ArgumentException>(() => new LinearCombinationPair(memory.AsSpan(40, 20), memory.AsSpan(40 + offset, 20)).Complete());
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(4, 3)]
    [InlineData(0, 1)]
    public void Rows_of_another_length_are_refused(int source, int destination)
    {
        Assert.Throws<ArgumentException>(nameof(source), () => new LinearCombination(new byte[destination]).Add(0, new byte[source]));
        Assert.Throws<ArgumentException>(
            nameof(source), () => new LinearCombinationPair(new byte[destination], new byte[destination]).Add(0, 0, new byte[source]));
        Assert.Throws<ArgumentException>(() => new LinearCombinationPair(new byte[destination], new byte[source]).Complete());
    }

    [Fact]
    public void The_only_tables_in_memory_are_those_that_public_coefficients_pick()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var tables =
            from type in typeof(Gf256).Assembly.GetTypes()
            where type.Namespace == typeof(Gf256).Namespace && !type.IsDefined(typeof(CompilerGeneratedAttribute))
            from field in type.GetFields(All)
            where !field.IsLiteral && field.FieldType != typeof(Gf256Kernel) && field.FieldType != typeof(IReadOnlyList<Gf256Kernel>)
            select $"{type.Name}.{field.Name}";

        Assert.Equal(["NibbleTables.All"], tables);
    }
}
