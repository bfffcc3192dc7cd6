using System.Reflection;
using CsCheck;
using Dske.Protocol.Fields;

namespace Dske.Tests.Unit.Fields;

[Trait("Tier", "Unit")]
public sealed class Gf256Tests
{
    [Fact]
    public void Every_product_is_that_of_the_powers_of_the_generator()
    {
        // Built by doubling and adding alone, so it shares nothing with the code under test.
        var exponentials = new byte[255];
        var logarithms = new int[256];
        var power = 1;
        for (var i = 0; i < 255; i++)
        {
            exponentials[i] = (byte)power;
            logarithms[power] = i;
            var doubled = power * 2;
            power ^= doubled < 256 ? doubled : doubled - 256 ^ 0x1B;
        }

        Assert.Equal(1, power);
        Assert.Equal(255, exponentials.Distinct().Count());
        for (var a = 0; a < 256; a++)
        {
            for (var b = 0; b < 256; b++)
            {
                var expected = a == 0 || b == 0 ? 0 : exponentials[(logarithms[a] + logarithms[b]) % 255];
                if (Gf256.Multiply((byte)a, (byte)b) != expected)
                {
                    Assert.Fail($"{a} * {b} is {expected}, not {Gf256.Multiply((byte)a, (byte)b)}.");
                }
            }
        }
    }

    [Fact]
    public void Every_element_but_zero_has_an_inverse()
    {
        Assert.Equal(0, Gf256.Inverse(0));
        for (var a = 1; a < 256; a++)
        {
            Assert.Equal(1, Gf256.Multiply((byte)a, Gf256.Inverse((byte)a)));
        }
    }

    [Fact]
    public void The_axioms_of_a_field_hold() => Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte).Sample((a, b, c) =>
    {
        Assert.Equal(Gf256.Add(a, b), Gf256.Add(b, a));
        Assert.Equal(Gf256.Multiply(a, b), Gf256.Multiply(b, a));
        Assert.Equal(Gf256.Add(Gf256.Add(a, b), c), Gf256.Add(a, Gf256.Add(b, c)));
        Assert.Equal(Gf256.Multiply(Gf256.Multiply(a, b), c), Gf256.Multiply(a, Gf256.Multiply(b, c)));
        Assert.Equal(Gf256.Multiply(a, Gf256.Add(b, c)), Gf256.Add(Gf256.Multiply(a, b), Gf256.Multiply(a, c)));
        Assert.Equal((a, a, 0, 0), (Gf256.Add(a, 0), Gf256.Multiply(a, 1), Gf256.Add(a, a), Gf256.Multiply(a, 0)));
    });

    [Fact]
    public void No_element_is_looked_up_in_a_table()
    {
        // Which lines of it are in the cache would tell others on the machine what was looked up.
        const BindingFlags All = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        Assert.All(typeof(Gf256).GetFields(All), field => Assert.True(field.IsLiteral, field.Name));
        Assert.DoesNotContain(typeof(Gf256).GetProperties(All), property => property.PropertyType == typeof(ReadOnlySpan<byte>));
    }

    [Fact]
    public void The_generator_is_one_and_the_polynomial_vanishes()
    {
        byte power = 1;
        for (var i = 1; i < 255; i++)
        {
            power = Gf256.Multiply(power, Gf256.Generator);
            Assert.NotEqual(1, power);
        }

        Assert.Equal(1, Gf256.Multiply(power, Gf256.Generator));
        Assert.Equal(Gf256.Polynomial ^ 0x100, Gf256.Multiply(0x80, 2));
    }
}
