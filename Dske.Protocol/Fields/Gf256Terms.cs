namespace Dske.Protocol.Fields;

/// <summary>A few rows of elements and what to multiply each by: as many as a kernel adds up in one go.</summary>
internal ref struct Gf256Terms
{
    /// <summary>
    /// How many there may be. What is prepared of so many coefficients, for two sums, just fits the registers of a processor.
    /// </summary>
    public const int MaxCount = 3;

    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>The coefficients of the one sum, or of the first of two. They are public.</summary>
    public byte First0, First1, First2;

    /// <summary>The coefficients of the second of two sums. They are public.</summary>
    public byte Second0, Second1, Second2;

    /// <summary>The rows, all of one length; their elements may be secret.</summary>
    public ReadOnlySpan<byte> Source0, Source1, Source2;

    /// <summary>Puts a term behind the others. There are fewer than <see cref="MaxCount"/>.</summary>
    /// <param name="first">The coefficient in the first sum.</param>
    /// <param name="second">The coefficient in the second sum, if there is one.</param>
    /// <param name="source">The row, as long as the others.</param>
    public void Add(byte first, byte second, ReadOnlySpan<byte> source)
    {
        switch (Count++)
        {
            case 0:
                First0 = first;
                Second0 = second;
                Source0 = source;
                break;
            case 1:
                First1 = first;
                Second1 = second;
                Source1 = source;
                break;
            default:
                First2 = first;
                Second2 = second;
                Source2 = source;
                break;
        }
    }
}
