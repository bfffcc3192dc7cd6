using System.Text;
using CsCheck;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.KeyDelivery;

[Trait("Tier", "Unit")]
public sealed class KeyContainerCodecTests
{
    private const string Id = "bc490419-7d60-487f-adc1-4ddcc177c139";
    private const string Good = """{"keys":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","key":"wHHVxRwDJs3/bXd38GHP3oe4svTuRpZS0yCC7x4Ly+s="}]}""";

    [Fact]
    public void A_container_is_written_compactly_with_lower_case_ids_and_nothing_else()
    {
        using var container = new KeyContainer([new DeliveredKey(Guid.Parse(Id.ToUpperInvariant()), SecretBytes.CopyOf(
            Convert.FromBase64String("wHHVxRwDJs3/bXd38GHP3oe4svTuRpZS0yCC7x4Ly+s=")))]);

        Assert.Equal(Good, Write(container));
    }

    [Fact]
    public void An_empty_container_is_written_and_read()
    {
        using var container = new KeyContainer([]);

        Assert.Equal("""{"keys":[]}""", Write(container));
        Assert.Empty(Read("""{"keys":[]}""")!.Keys);
    }

    [Fact]
    public void Whatever_is_written_is_read_back() =>
        Gen.Select(Gen.Guid, Gen.Byte.Array[1, 300]).Array[0, 20].Sample(keys =>
        {
            using var written = new KeyContainer([.. keys.Select(key => new DeliveredKey(key.Item1, SecretBytes.CopyOf(key.Item2)))]);
            using var read = Read(Write(written));

            Assert.NotNull(read);
            Assert.Equal(keys.Select(key => key.Item1), read.Keys.Select(key => key.KeyId));
            Assert.All(keys.Zip(read.Keys), pair => Assert.Equal(pair.First.Item2, pair.Second.Key.Span.ToArray()));
        });

    [Theory]
    [InlineData("""{"keys":[{"key":"AAAA","key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139"}]}""")]
    [InlineData("""{"keys":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","key":"AAAA","key_ID_extension":{"a":[1,{}]},"key_extension":null}],"key_container_extension":{"keys":1}}""")]
    [InlineData(""" { "x" : [ [ ] ] , "keys" : [ { "key_ID" : "bc490419-7d60-487f-adc1-4ddcc177c139" , "key" : "AAAA" } ] } """)]
    [InlineData("""{"keys":[{"key_ID":"BC490419-7D60-487F-ADC1-4DDCC177C139","key":"AA\u0041A"}]}""")]
    public void Extensions_order_and_space_do_not_matter(string json)
    {
        using var container = Read(json);

        Assert.NotNull(container);
        var key = Assert.Single(container.Keys);
        Assert.Equal(Guid.Parse(Id), key.KeyId);
        Assert.Equal(new byte[3], key.Key.Span.ToArray());
        Assert.Equal(24, key.SizeBits);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":[]")]
    [InlineData("{\"keys\":[]}}")]
    [InlineData("{\"keys\":[]} 1")]
    [InlineData("{\"keys\":null}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"Keys\":[]}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("{\"keys\":[null]}")]
    [InlineData("{\"keys\":[[]]}")]
    [InlineData("{\"keys\":[{}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\"}]}")]
    [InlineData("{\"keys\":[{\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AA A\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"\\ud800AAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":12}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":null}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AAAA\",\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc4904197d60487fadc14ddcc177c139\",\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"{bc490419-7d60-487f-adc1-4ddcc177c139}\",\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"\\ud800\",\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"\\ud800\":1,\"key_ID\":\"\",\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":1,\"key\":\"AAAA\"}]}")]
    [InlineData("{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AAAA\"},{}]}")]
    [InlineData("{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]],\"keys\":[]}")]
    [InlineData("{\"keys\":[],}")]
    [InlineData("{\"keys\":[]/**/}")]
    public void Anything_else_is_refused(string json) => Assert.Null(Read(json));

    [Fact]
    public void More_keys_than_asked_for_are_refused()
    {
        const string Two = """{"keys":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","key":"AAAA"},{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","key":"AAAA"}]}""";

        Assert.False(KeyContainerCodec.TryRead(Encoding.UTF8.GetBytes(Two), out _, maxKeys: 1));
        Assert.True(KeyContainerCodec.TryRead(Encoding.UTF8.GetBytes(Two), out var container, maxKeys: 2));
        container.Dispose();
    }

    [Fact]
    public void Damaged_text_is_refused_or_read_but_never_throws()
    {
        var good = Encoding.UTF8.GetBytes("""{"keys":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","key":"AAA\u0041","x":{"y":[1,2]}}],"z":"\ud83d\ude00"}""");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length], Gen.Bool).Sample((position, value, length, cut) =>
        {
            var damaged = good.ToArray();
            damaged[position] = value;
            if (KeyContainerCodec.TryRead(cut ? damaged.AsSpan(0, length) : damaged, out var container))
            {
                container.Dispose();
            }
        });
    }

    [Fact]
    public void Neither_a_container_nor_a_key_prints_a_secret()
    {
        using var container = new KeyContainer([new DeliveredKey(Guid.Parse(Id), SecretBytes.CopyOf("hunter2!"u8))]);

        Assert.Equal("KeyContainer(1 keys)", container.ToString());
        Assert.Equal($"DeliveredKey({Id}, 64 bits)", container.Keys[0].ToString());
    }

    [Fact]
    public void Disposing_a_container_disposes_its_keys()
    {
        var container = Read(Good)!;
        var key = container.Keys[0].Key;

        container.Dispose();
        container.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Span.Length);
    }

    private static string Write(KeyContainer container)
    {
        using var buffer = new SecretBufferWriter();
        KeyContainerCodec.Write(container, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static KeyContainer? Read(string json) =>
        KeyContainerCodec.TryRead(Encoding.UTF8.GetBytes(json), out var container) ? container : null;
}
