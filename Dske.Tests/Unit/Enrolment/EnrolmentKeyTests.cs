using System.Text;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Unit.Enrolment;

[Trait("Tier", "Unit")]
public sealed class EnrolmentKeyTests
{
    private const string Digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

    [Fact]
    public void A_key_is_read_as_it_was_written()
    {
        Assert.True(EnrolmentKey.TryParse(Encoding.ASCII.GetBytes(Digits.ToUpperInvariant()), out var key));
        using (key)
        {
            using var text = key.Format();
            Assert.Equal(Digits, Encoding.ASCII.GetString(text.Span));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0001")]
    [InlineData(Digits + "00")]
    [InlineData(Digits + "\n")]
    [InlineData("0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff")]
    [InlineData(" 00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff")]
    public void What_is_no_key_is_refused(string text)
    {
        Assert.False(EnrolmentKey.TryParse(Encoding.ASCII.GetBytes(text), out var key));
        Assert.Null(key);
    }

    [Fact]
    public void Keys_come_from_the_source_that_is_passed_in()
    {
        using var one = EnrolmentKey.Draw(new SeededEntropySource(1));
        using var same = EnrolmentKey.Draw(new SeededEntropySource(1));
        using var other = EnrolmentKey.Draw(new SeededEntropySource(2));
        using var text = one.Format();
        using var sameText = same.Format();
        using var otherText = other.Format();

        Assert.True(text.FixedTimeEquals(sameText));
        Assert.False(text.FixedTimeEquals(otherText));
    }

    [Fact]
    public void A_key_says_nothing_and_a_disposed_one_does_nothing()
    {
        var key = EnrolmentKey.Draw(SystemEntropySource.Instance);
        Assert.Equal("EnrolmentKey", $"{key}");

        key.Dispose();
        key.Dispose();

        var name = NodeName.Parse("hank");
        Assert.Throws<ObjectDisposedException>(key.Format);
        Assert.Throws<ObjectDisposedException>(() => key.TryIssue(new EnrolmentGrant(name, name, []), out _));
    }
}
