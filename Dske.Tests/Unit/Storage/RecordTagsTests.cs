using System.Security.Cryptography;
using Dske.Storage.Records;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class RecordTagsTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, RecordLayout.KeySize).Select(i => (byte)i)];

    [Theory]
    [InlineData('S', 0, 12, 8)]
    [InlineData('C', 0x01020304, 100, 16)]
    [InlineData('C', 7, 5000, 32)]
    public void A_tag_is_the_beginning_of_an_hmac_over_kind_slot_and_content(char kind, int slot, int length, int size)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        byte[] message = [(byte)kind, (byte)(slot >> 24), (byte)(slot >> 16), (byte)(slot >> 8), (byte)slot, .. content];
        using var tags = new RecordTags(Key);

        var tag = new byte[size];
        for (var i = 0; i < 2; i++)
        {
            tags.Make(kind, slot, content, tag);
            Assert.Equal(HMACSHA256.HashData(Key, message)[..size], tag);
        }
    }

    [Fact]
    public void Tags_made_at_once_do_not_mix()
    {
        using var tags = new RecordTags(Key);
        var expected = Enumerable.Range(0, 64).Select(slot => HMACSHA256.HashData(Key, new byte[] { (byte)'S', 0, 0, 0, (byte)slot, (byte)slot })).ToArray();

        Parallel.For(0, 4096, i =>
        {
            var slot = i % expected.Length;
            Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
            tags.Make('S', slot, [(byte)slot], tag);
            Assert.Equal(expected[slot], tag.ToArray());
        });
    }
}
