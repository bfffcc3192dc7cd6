using System.Text;
using Dske.Benchmarks.Load;
using Dske.Protocol.KeyDelivery;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class KeyAnswerTests
{
    private const string One = """{"key_ID":"bc490419-7d60-487f-a9f3-1f0a9b6d7d5c","key":"AQID"}""";
    private const string Two = """{"key_ID":"00000000-0000-0000-0000-000000000002","key":"BAUG"}""";

    [Fact]
    public void A_single_key_may_stand_where_an_array_should()
    {
        using var keys = Read($$"""{"keys": {{One}} , "more":1}""");

        Assert.Equal([1, 2, 3], Assert.Single(keys.Keys).Key.Span.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"keys":1}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":{"key_ID":"bc490419-7d60-487f-a9f3-1f0a9b6d7d5c","key":"AQID"}""")]
    [InlineData("""{"more":{"key_ID":"bc490419-7d60-487f-a9f3-1f0a9b6d7d5c","key":"AQID"}}""")]
    public void What_is_no_answer_is_not_read(string text) => Assert.False(KeyAnswer.TryRead(Encoding.UTF8.GetBytes(text), 8, out _));

    [Fact]
    public void The_same_keys_in_another_order_are_equal()
    {
        using var made = Read($$"""{"keys":[{{One}},{{Two}}]}""");
        using var fetched = Read($$"""{"keys":[{{Two}},{{One}}]}""");

        Assert.Equal(0, KeyAnswer.CountUnequal(made, fetched));
    }

    [Fact]
    public void A_missing_key_and_one_with_other_bytes_are_unequal()
    {
        using var made = Read($$"""{"keys":[{{One}},{{Two}}]}""");
        using var missing = Read($$"""{"keys":[{{Two}}]}""");
        using var other = Read($$"""{"keys":[{{One.Replace("AQID", "AQIE", StringComparison.Ordinal)}},{{Two}}]}""");

        Assert.Equal(1, KeyAnswer.CountUnequal(made, missing));
        Assert.Equal(1, KeyAnswer.CountUnequal(made, other));
    }

    private static KeyContainer Read(string text)
    {
        Assert.True(KeyAnswer.TryRead(Encoding.UTF8.GetBytes(text), 8, out var keys));
        return keys;
    }
}
