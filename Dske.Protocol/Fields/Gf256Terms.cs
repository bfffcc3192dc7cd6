namespace Dske.Protocol.Fields;

/// <summary>A few rows of elements and what to multiply each by: as many as a kernel adds up in one go.</summary>
internal ref struct Gf256Terms
{
    /// <summary>How many there may be. Their tables fit the registers of a processor, with some left to compute in.</summary>
    public const int MaxCount = 4;

    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>The coefficients, 1 to 255; they are public.</summary>
    public byte Coefficient0, Coefficient1, Coefficient2, Coefficient3;

    /// <summary>The rows, all of one length; their elements may be secret.</summary>
    public ReadOnlySpan<byte> Source0, Source1, Source2, Source3;

    /// <summary>Puts a term behind the others. There are fewer than <see cref="MaxCount"/>.</summary>
    /// <param name="coefficient">The coefficient, 1 to 255.</param>
    /// <param name="source">The row, as long as the others.</param>
    public void Add(byte coefficient, ReadOnlySpan<byte> source)
    {
        switch (Count++)
        {
            case 0:
                Coefficient0 = coefficient;
                Source0 = source;
                break;
            case 1:
                Coefficient1 = coefficient;
                Source1 = source;
                break;
            case 2:
                Coefficient2 = coefficient;
                Source2 = source;
                break;
            default:
                Coefficient3 = coefficient;
                Source3 = source;
                break;
        }
    }
}
