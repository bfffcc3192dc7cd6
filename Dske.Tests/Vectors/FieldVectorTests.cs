using Dske.Protocol.Fields;

namespace Dske.Tests.Vectors;

/// <summary>The field tables in <c>shamir.json</c>.</summary>
[Trait("Tier", "Vectors")]
public sealed class FieldVectorTests
{
    private static readonly ShamirVectors.FieldTables Field = ShamirVectors.All.Gf256;

    [Fact]
    public void The_table_of_powers_is_the_generators()
    {
        Assert.Equal(255, Field.ExpHex.Length);
        byte power = 1;
        foreach (var expected in Field.ExpHex)
        {
            Assert.Equal(expected, power);
            power = Gf256.Multiply(power, Gf256.Generator);
        }
    }

    [Fact]
    public void The_table_of_logarithms_inverts_it()
    {
        Assert.Equal(256, Field.LogHex.Length);
        for (var element = 1; element < 256; element++)
        {
            Assert.Equal(element, Power(Field.LogHex[element]));
        }
    }

    [Fact]
    public void Every_product_follows_from_the_tables()
    {
        for (var a = 1; a < 256; a++)
        {
            for (var b = 1; b < 256; b++)
            {
                Assert.Equal(Field.ExpHex[(Field.LogHex[a] + Field.LogHex[b]) % 255], Gf256.Multiply((byte)a, (byte)b));
            }
        }
    }

    [Fact]
    public void The_single_values_agree()
    {
        Assert.All(Field.SpotExp, spot => Assert.Equal(spot.Exp, Power(spot.I)));
        Assert.All(Field.SpotLog, spot => Assert.Equal(spot.A, Power(spot.Log)));
        Assert.All(Field.SpotMul, spot => Assert.Equal(spot.Product, Gf256.Multiply(spot.A, spot.B)));
        Assert.All(Field.SpotInverse, spot => Assert.Equal(spot.Inverse, Gf256.Inverse(spot.A)));
        Assert.Equal((13, 13, 7, 7), (Field.SpotExp.Count, Field.SpotLog.Count, Field.SpotMul.Count, Field.SpotInverse.Count));
    }

    private static byte Power(int exponent)
    {
        byte power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power = Gf256.Multiply(power, Gf256.Generator);
        }

        return power;
    }
}
