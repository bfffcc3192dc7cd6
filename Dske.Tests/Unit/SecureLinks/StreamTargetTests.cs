using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.SecureLinks;

[Trait("Tier", "Unit")]
public sealed class StreamTargetTests
{
    [Theory]
    [InlineData("127.0.0.1:9002")]
    [InlineData("[::1]:1")]
    [InlineData("db.example:65535")]
    [InlineData("localhost:80")]
    public void Targets_come_back_as_they_were(string text)
    {
        Assert.True(StreamTarget.TryParse(text, out var target));
        Assert.Equal(text, target.ToString());
        var bytes = new byte[StreamTarget.MaxSize];
        Assert.True(StreamTarget.TryRead(bytes.AsSpan(0, target.Write(bytes)), out var read));
        Assert.Equal(target, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData(":80")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:080")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.1:80")]
    [InlineData("0x7f000001:80")]
    [InlineData("2130706433:80")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[fe80::1%1]:80")]
    [InlineData("a b:80")]
    [InlineData("-a:80")]
    [InlineData("a..b:80")]
    public void What_is_no_target_is_refused(string text) => Assert.False(StreamTarget.TryParse(text, out _));

    [Fact]
    public void A_message_has_no_target()
    {
        var bytes = new byte[StreamTarget.MaxSize];
        Assert.Equal(1, StreamTarget.Message.Write(bytes));
        Assert.True(StreamTarget.TryRead(bytes.AsSpan(0, 1), out var read));
        Assert.True(read.IsMessage);
        Assert.False(StreamTarget.TryRead(bytes.AsSpan(0, 2), out _));
        Assert.False(StreamTarget.TryRead([3], out _));
    }
}
