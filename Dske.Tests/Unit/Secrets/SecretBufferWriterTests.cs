using System.Buffers;
using System.Text.Json;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class SecretBufferWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1000)]
    [InlineData(512, 512)]
    [InlineData(512, 513)]
    [InlineData(512, 100_000)]
    public void What_is_written_is_kept_across_growth(int initialCapacity, int length)
    {
        using var writer = new SecretBufferWriter(initialCapacity);
        var expected = new byte[length];
        for (var i = 0; i < length; i++)
        {
            expected[i] = (byte)i;
            writer.GetSpan(1)[0] = (byte)i;
            writer.Advance(1);
        }

        Assert.Equal(expected, writer.WrittenSpan.ToArray());
        Assert.Equal(expected, writer.WrittenMemory.ToArray());
        Assert.Equal(length, writer.WrittenCount);
    }

    [Fact]
    public void Outgrown_memory_is_zeroed()
    {
        using var writer = new SecretBufferWriter(32);
        writer.Write("a secret of 24 bytes ..."u8);
        var outgrown = writer.WrittenMemory;

        writer.GetSpan(4096);

        Assert.True(outgrown.Span.IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal("a secret of 24 bytes ..."u8, writer.WrittenSpan);
    }

    [Fact]
    public void Disposal_zeroes_the_memory_and_ends_its_use()
    {
        var writer = new SecretBufferWriter();
        writer.Write("secret"u8);
        var memory = writer.WrittenMemory;

        writer.Dispose();
        writer.Dispose();

        Assert.True(memory.Span.IndexOfAnyExcept((byte)0) < 0);
        Assert.Throws<ObjectDisposedException>(() => writer.GetSpan(1).Length);
        Assert.Throws<ObjectDisposedException>(() => writer.WrittenSpan.Length);
    }

    [Fact]
    public void Clearing_zeroes_what_was_written_and_starts_over()
    {
        using var writer = new SecretBufferWriter();
        writer.Write("secret"u8);
        var memory = writer.WrittenMemory;

        writer.Clear();

        Assert.True(memory.Span.IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(0, writer.WrittenCount);
    }

    [Fact]
    public void Advancing_past_the_memory_handed_out_is_refused()
    {
        using var writer = new SecretBufferWriter();
        var room = writer.GetSpan().Length;

        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
    }

    [Fact]
    public void It_prints_its_length_only()
    {
        using var writer = new SecretBufferWriter();
        writer.Write("hunter2"u8);

        Assert.Equal("SecretBufferWriter(7)", writer.ToString());
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(5_000, 5_000, true)]
    [InlineData(5_001, 5_000, false)]
    [InlineData(512, 512, true)]
    [InlineData(513, 512, false)]
    public async Task A_stream_is_read_to_its_end_when_it_is_not_too_long(int length, int maxLength, bool accepted)
    {
        using var writer = new SecretBufferWriter();
        var content = new byte[length];
        new Random(1).NextBytes(content);
        using var stream = new MemoryStream(content);

        Assert.Equal(accepted, await writer.TryReadToEndAsync(stream, maxLength, TestContext.Current.CancellationToken));
        if (accepted)
        {
            Assert.Equal(content, writer.WrittenSpan.ToArray());
        }
    }

    [Fact]
    public void Json_is_written_into_it()
    {
        using var writer = new SecretBufferWriter(1);
        using var secret = SecretBytes.CopyOf(new byte[3000]);
        using (var json = new Utf8JsonWriter(writer))
        {
            json.WriteStartObject();
            json.WriteBase64String("key"u8, secret.Span);
            json.WriteEndObject();
        }

        Assert.Equal("{\"key\":\"" + new string('A', 4000) + "\"}", System.Text.Encoding.UTF8.GetString(writer.WrittenSpan));
    }
}
