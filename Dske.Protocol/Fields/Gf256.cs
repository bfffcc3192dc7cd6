using System.Runtime.CompilerServices;

namespace Dske.Protocol.Fields;

/// <summary>
/// The field with 256 elements: polynomials over GF(2) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197 section 4), one byte an element.
/// Secret sharing is done in it, byte by byte.
/// </summary>
/// <remarks>
/// Elements may be secret: everything here takes the same time and touches the same memory whatever they are. Products are made of
/// masks and shifts, since a look-up in a table shows in the cache which entry was read. The one exception is marked as public in
/// its parameter's description. Stateless, hence safe for concurrent use.
/// </remarks>
public static partial class Gf256
{
    /// <summary>The polynomial that products are reduced by, its coefficients as bits: x^8 + x^4 + x^3 + x + 1.</summary>
    public const int Polynomial = 0x11B;

    /// <summary>An element whose powers are all elements but 0.</summary>
    public const byte Generator = 0x03;

    /// <summary>The sum of two elements, which is also their difference.</summary>
    /// <param name="a">An element.</param>
    /// <param name="b">Another one.</param>
    public static byte Add(byte a, byte b) => (byte)(a ^ b);

    /// <summary>The product of two elements.</summary>
    /// <param name="a">An element.</param>
    /// <param name="b">Another one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Multiply(byte a, byte b)
    {
        var product = 0;
        var power = (int)a;
        for (var bit = 0; bit < 8; bit++)
        {
            product ^= power & -((b >> bit) & 1);
            power = (power << 1) ^ (Polynomial & -(power >> 7));
        }

        return (byte)product;
    }

    /// <summary>The element whose product with <paramref name="a"/> is 1; for 0, which has none, 0.</summary>
    /// <param name="a">An element.</param>
    public static byte Inverse(byte a)
    {
        // a^255 = 1 for all but 0, so the inverse is a^254. The chain's exponents: 2, 3, 12, 15, 240, 252, 254.
        var a2 = Square(a);
        var a3 = Multiply(a2, a);
        var a12 = Square(Square(a3));
        var a15 = Multiply(a12, a3);
        var a240 = Square(Square(Square(Square(a15))));
        var a252 = Multiply(a240, a12);
        return Multiply(a252, a2);
    }

    private static byte Square(byte a) => Multiply(a, a);
}
