namespace Dske.Protocol.Fields;

/// <content>Arithmetic on many elements at a time.</content>
public static partial class Gf256
{
    /// <summary>Adds a multiple of one row of elements to another: <c>accumulator[i] += coefficient * source[i]</c>.</summary>
    /// <param name="coefficient">The factor. It is public: the time taken may tell it.</param>
    /// <param name="source">The elements to multiply; they may be secret.</param>
    /// <param name="accumulator">
    /// The elements to add to, as many as in <paramref name="source"/>; they may be secret. May be the very same memory as
    /// <paramref name="source"/>, but not overlap it in part.
    /// </param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part.</exception>
    public static void MultiplyAdd(byte coefficient, ReadOnlySpan<byte> source, Span<byte> accumulator)
        => MultiplyAdd(Gf256Kernel.Best, coefficient, source, accumulator);

    /// <summary>The same, by a way of the caller's choice.</summary>
    internal static void MultiplyAdd(Gf256Kernel kernel, byte coefficient, ReadOnlySpan<byte> source, Span<byte> accumulator)
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

        var terms = new Gf256Terms();
        terms.Add(coefficient, 0, source);
        kernel.Sum(in terms, accumulator, accumulate: true);
    }

    /// <summary>The same, one byte at a time: what the faster ways are tested against.</summary>
    internal static void MultiplyAddBytes(byte coefficient, ReadOnlySpan<byte> source, Span<byte> accumulator)
    {
        for (var i = 0; i < source.Length; i++)
        {
            accumulator[i] ^= Multiply(coefficient, source[i]);
        }
    }
}
