using Dske.Protocol.Fields;

namespace Dske.Tests.Unit.Fields;

[Trait("Tier", "Unit")]
public sealed class Gf256SpanTests
{
    // Around the widths of words and of every vector, and odd tails of longer ones.
    public static TheoryData<int> Lengths =>
        [0, 1, 3, 7, 8, 9, 15, 16, 17, 23, 31, 32, 33, 47, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 4099];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Spans_are_multiplied_and_added_as_their_bytes_are(int length)
    {
        var random = new Random(length);
        var source = new byte[length];
        var before = new byte[length];
        random.NextBytes(source);
        random.NextBytes(before);
        for (var coefficient = 0; coefficient < 256; coefficient++)
        {
            var actual = before.ToArray();
            var expected = before.ToArray();

            Gf256.MultiplyAdd((byte)coefficient, source, actual);

            Gf256.MultiplyAddBytes((byte)coefficient, source, expected);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Every_product_comes_out_at_every_place_of_a_word()
    {
        // 256 elements and eight more, so that each element stands at each of the eight places once while the row is shifted.
        for (var shift = 0; shift < 8; shift++)
        {
            var source = Enumerable.Range(0, 264).Select(i => (byte)(i + shift)).ToArray();
            for (var coefficient = 0; coefficient < 256; coefficient++)
            {
                var actual = new byte[source.Length];
                Gf256.MultiplyAdd((byte)coefficient, source, actual);
                Assert.Equal(source.Select(element => Gf256.Multiply((byte)coefficient, element)), actual);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void Memory_need_not_be_aligned(int offset)
    {
        var random = new Random(1);
        var memory = new byte[200];
        random.NextBytes(memory);
        var expected = memory.ToArray();
        Gf256.MultiplyAddBytes(0xA7, memory.AsSpan(100 + offset, 50), expected.AsSpan(offset, 50));

        Gf256.MultiplyAdd(0xA7, memory.AsSpan(100 + offset, 50), memory.AsSpan(offset, 50));

        Assert.Equal(expected, memory);
    }

    [Fact]
    public void A_row_may_be_added_to_itself()
    {
        var random = new Random(2);
        var row = new byte[37];
        random.NextBytes(row);
        var expected = row.Select(element => Gf256.Multiply(0x53 ^ 1, element)).ToArray();

        Gf256.MultiplyAdd(0x53, row, row);

        Assert.Equal(expected, row);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(19)]
    public void Overlap_in_part_is_refused_and_changes_nothing(int offset)
    {
        var memory = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();
        var before = memory.ToArray();

        var exception = Assert.Throws<ArgumentException>(
            () => Gf256.MultiplyAdd(2, memory.AsSpan(40, 20), memory.AsSpan(40 + offset, 20)));

        Assert.Equal("accumulator", exception.ParamName);
        Assert.Equal(before, memory);
    }

    [Fact]
    public void Neighbouring_spans_do_not_overlap()
    {
        var memory = new byte[] { 1, 2, 3, 4 };

        Gf256.MultiplyAdd(1, memory.AsSpan(0, 2), memory.AsSpan(2, 2));

        Assert.Equal([1, 2, 3 ^ 1, 4 ^ 2], memory);
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(4, 3)]
    [InlineData(0, 1)]
    public void Spans_of_unequal_length_are_refused(int source, int accumulator)
    {
        Assert.Throws<ArgumentException>(nameof(accumulator), () => Gf256.MultiplyAdd(0, new byte[source], new byte[accumulator]));
    }
}
