using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class SecretBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(2_097_152)]
    [InlineData(2_097_153)]
    public void A_new_secret_is_zero_even_when_its_memory_held_another_one(int length)
    {
        var first = new SecretBytes(length);
        first.Span.Fill(0xA5);
        first.Dispose();

        using var second = new SecretBytes(length);

        Assert.Equal(length, second.Span.Length);
        Assert.True(second.Span.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void A_disposed_secret_gives_nothing_away()
    {
        var secret = SecretBytes.CopyOf([1, 2, 3]);
        secret.Dispose();
        secret.Dispose();

        Assert.Throws<ObjectDisposedException>(() => secret.Span[0]);
    }

    [Fact]
    public void The_memory_of_a_disposed_secret_is_zero()
    {
        var secret = SecretBytes.CopyOf([1, 2, 3, 4]);
        var span = secret.Span;
        secret.Dispose();

        Assert.Equal(new byte[4], span.ToArray());
    }

    [Fact]
    public void A_secret_prints_its_length_only()
    {
        using var secret = SecretBytes.CopyOf("hunter2!"u8);

        Assert.Equal("SecretBytes(8)", secret.ToString());
        Assert.Equal("SecretBytes(8)", $"{secret}");
    }

    [Fact]
    public void Equality_looks_at_the_content()
    {
        using var a = SecretBytes.CopyOf([1, 2, 3]);
        using var b = a.Clone();
        using var c = SecretBytes.CopyOf([1, 2, 4]);
        using var d = SecretBytes.CopyOf([1, 2]);

        Assert.True(a.FixedTimeEquals(b));
        Assert.False(a.FixedTimeEquals(c));
        Assert.False(a.FixedTimeEquals(d));
    }
}
