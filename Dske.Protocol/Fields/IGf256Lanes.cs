namespace Dske.Protocol.Fields;

/// <summary>
/// Elements side by side in one register, and what a processor does with all of them at once. What an implementation does is the same
/// whatever the elements are: no branch and no address in memory depends on them.
/// </summary>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TFactor">What multiplying by one coefficient takes; made once and used for a whole row.</typeparam>
internal interface IGf256Lanes<TVector, TFactor>
{
    /// <summary>How many elements there are in a register.</summary>
    static abstract int Width { get; }

    /// <summary>Gets a coefficient ready. It is public.</summary>
    /// <param name="coefficient">The coefficient.</param>
    static abstract TFactor Prepare(byte coefficient);

    /// <summary>Reads the elements from <paramref name="offset"/> on; they need not be aligned.</summary>
    /// <param name="row">The first element of a row.</param>
    /// <param name="offset">How many elements to pass over; the row has as many more as the register.</param>
    static abstract TVector Load(ref readonly byte row, nuint offset);

    /// <summary>Writes the elements, as they are read.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="row">The first element of a row.</param>
    /// <param name="offset">How many elements to pass over; the row has as many more as the register.</param>
    static abstract void Store(TVector elements, ref byte row, nuint offset);

    /// <summary>The sums, element by element.</summary>
    /// <param name="a">Elements.</param>
    /// <param name="b">Other ones.</param>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The products of all elements with one coefficient.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="factor">The coefficient.</param>
    static abstract TVector Multiply(TVector elements, TFactor factor);
}
