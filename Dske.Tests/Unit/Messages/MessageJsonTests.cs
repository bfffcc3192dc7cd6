using System.Text;
using System.Text.Json;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Messages;

[Trait("Tier", "Unit")]
public sealed class MessageJsonTests
{
    private const string Block = "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c";

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, SampleMessages.All.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_message_is_read_and_written_byte_by_byte_in_either_dialect(int number)
    {
        var sample = SampleMessages.All[number];

        Assert.Equal(sample.Text, sample.Rewrite(Dialect.Guide));
        Assert.Equal(SampleMessages.InReferenceDialect(sample.Text), sample.Rewrite(Dialect.Reference));
    }

    [Fact]
    public void Members_that_are_absent_are_not_written()
    {
        var allocation = new Allocation(new Fragment(Guid.Empty, 0, 1));
        var answer = new GetKeyShareAnswer { ShareIndex = 0, EncryptionKeyAllocation = allocation, EncryptedShareValue = [1] };

        Assert.DoesNotContain("psrd", Encoding.UTF8.GetString(MessageJson.Write(answer, Dialect.Reference)), StringComparison.Ordinal);
        Assert.Equal("""{"type":null,"title":null,"status":null}""", Encoding.UTF8.GetString(MessageJson.Write(new ErrorAnswer(), Dialect.Guide)));
        Assert.Equal(
            """{"message":"No.","details":null}""",
            Encoding.UTF8.GetString(MessageJson.Write(new ReferenceErrorAnswer { Message = "No." }, Dialect.Reference)));
    }

    [Fact]
    public void The_members_of_the_other_dialect_are_unknown()
    {
        var reference = SampleMessages.InReferenceDialect(SampleMessages.Post);

        Assert.True(SampleMessages.CanRead<PostKeyShareRequest>(SampleMessages.Post, Dialect.Guide));
        Assert.True(SampleMessages.CanRead<PostKeyShareRequest>(reference, Dialect.Reference));
        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(SampleMessages.Post, Dialect.Reference));
        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(reference, Dialect.Guide));
    }

    [Fact]
    public void Members_of_both_dialects_do_not_mix()
    {
        const string Both = """{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start":16,"start_byte":16,"size":4}""";
        const string Mixed = """{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start":0,"size":1}""";
        AssertFragmentsRefused(Both);
        AssertFragmentsRefused(Mixed + "," + SampleMessages.Fragment);
    }

    [Theory]
    [InlineData("""{"start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4,"more":1}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"Size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":"16","size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16.0,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4e0}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":016,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":9223372036854775808,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":1e400}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":null,"size":4}""")]
    [InlineData("""{"block_uuid":null,"start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":1,"start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":"b2d4d9ea59c04fa6a3f1900bb39d6c3c","start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":"{b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c}","start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":"+2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":"0xd4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4}""")]
    [InlineData("""{"block_uuid":" b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("1")]
    public void A_fragment_has_a_UUID_and_two_whole_numbers_each_once(string fragment) => AssertFragmentsRefused(fragment);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"fragments":null}""")]
    [InlineData("""{"fragments":{}}""")]
    [InlineData("""{"Fragments":[]}""")]
    [InlineData("""{"fragments":[],"fragments":[]}""")]
    [InlineData("""{"fragments":[],"more":1}""")]
    [InlineData("""{"more":1,"fragments":[]}""")]
    public void An_allocation_is_a_list_of_fragments_and_nothing_else(string allocation)
    {
        var spoilt = SampleMessages.Post.Replace(SampleMessages.Allocation, allocation, StringComparison.Ordinal);

        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(spoilt));
    }

    [Fact]
    public void Numbers_are_read_as_they_are_and_judged_by_the_pool()
    {
        var text = SampleMessages.Post
            .Replace("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c", "B2D4D9EA-59C0-4FA6-A3F1-900BB39D6C3C", StringComparison.Ordinal)
            .Replace("\"start_byte\":16", "\"start_byte\":-9223372036854775808", StringComparison.Ordinal)
            .Replace("\"size\":4", "\"size\":9223372036854775807", StringComparison.Ordinal)
            .Replace("\"share_index\":3", "\"share_index\":-2147483648", StringComparison.Ordinal);

        Assert.True(MessageJson.TryRead<PostKeyShareRequest>(Encoding.UTF8.GetBytes(text), Dialect.Guide, out var message));

        var fragment = Assert.Single(message.EncryptionKeyAllocation.Fragments.ToArray());
        Assert.Equal((long.MinValue, long.MaxValue, int.MinValue), (fragment.Start, fragment.Size, message.ShareIndex));
        Assert.Equal(Guid.Parse("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c"), fragment.BlockId);
        Assert.Equal(-1, message.EncryptionKeyAllocation.Size);
    }

    [Theory]
    [InlineData("3.0")]
    [InlineData("3e0")]
    [InlineData("\"3\"")]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("1e400")]
    [InlineData("03")]
    [InlineData("+3")]
    [InlineData("NaN")]
    public void A_share_index_is_a_whole_number_of_32_bits(string index)
    {
        var spoilt = SampleMessages.Post.Replace("\"share_index\":3", "\"share_index\":" + index, StringComparison.Ordinal);

        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(spoilt));
    }

    [Theory]
    [InlineData("AAE")]
    [InlineData("AAEC/w")]
    [InlineData("AAEC_w==")]
    [InlineData("AAEC/w==AAAA")]
    [InlineData("AAEC/w=é")]
    [InlineData("*")]
    public void A_share_is_base64(string value)
    {
        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(SampleMessages.Post.Replace("AAEC/w==", value, StringComparison.Ordinal)));
        Assert.False(SampleMessages.CanRead<GetKeyShareAnswer>(SampleMessages.Get.Replace("AAEC/w==", value, StringComparison.Ordinal)));
        Assert.False(SampleMessages.CanRead<PsrdAnswer>($$"""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","data":"{{value}}"}"""));
    }

    [Fact]
    public void Invariant_3_A_pad_has_at_most_2048_fragments()
    {
        Assert.True(SampleMessages.CanRead<PostKeyShareRequest>(WithFragments(Allocation.MaxPadFragments)));
        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(WithFragments(Allocation.MaxPadFragments + 1)));

        static string WithFragments(int count) => SampleMessages.Post.Replace(
            SampleMessages.Fragment, string.Join(',', Enumerable.Repeat(SampleMessages.Fragment, count)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_written_into_memory_that_is_zeroed_and_never_printed()
    {
        using var answer = new PsrdAnswer { BlockUuid = Guid.Parse(Block), Data = SecretBytes.CopyOf([0, 1, 2, 0xFF]) };
        using var destination = new SecretBufferWriter();

        MessageJson.Write(answer, Dialect.Guide, destination);

        Assert.Equal($$"""{"block_uuid":"{{Block}}","data":"AAEC/w=="}""", Encoding.UTF8.GetString(destination.WrittenSpan));
        Assert.Equal($"PsrdAnswer({Block}, 4 bytes)", answer.ToString());
    }

    [Fact]
    public void A_block_of_PSRD_that_is_disposed_is_gone()
    {
        var text = Encoding.UTF8.GetBytes($$"""{"block_uuid":"{{Block}}","data":"AAEC/w=="}""");
        Assert.True(MessageJson.TryRead<PsrdAnswer>(text, Dialect.Guide, out var answer));
        Assert.Equal([0, 1, 2, 0xFF], answer.Data.Span.ToArray());

        answer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => answer.Data.Span[0]);
    }

    [Fact]
    public void What_is_no_message_of_the_protocol_is_not_read_or_written()
    {
        Assert.Throws<ArgumentException>(() => MessageJson.TryRead<Version>("{}"u8, Dialect.Guide, out _));
        Assert.Throws<ArgumentException>(() => MessageJson.Write(new Version(1, 0), Dialect.Guide));
        Assert.Throws<ArgumentNullException>(() => MessageJson.Write<RegistrationAnswer>(null!, Dialect.Guide));
        Assert.Throws<ArgumentNullException>(() => MessageJson.Write(new RegistrationAnswer { HubName = "hank" }, Dialect.Guide, null!));
        Assert.Throws<ArgumentNullException>(() => MessageJson.AddConverters(null!, Dialect.Guide));
    }

    [Fact]
    public void Other_options_learn_to_write_allocations_and_secrets()
    {
        var options = new JsonSerializerOptions();
        MessageJson.AddConverters(options, Dialect.Reference);
        var allocation = new Allocation(new Fragment(Guid.Parse("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c"), 16, 4));
        using var secret = SecretBytes.CopyOf([0, 1, 2, 0xFF]);

        Assert.Equal(SampleMessages.InReferenceDialect(SampleMessages.Allocation), JsonSerializer.Serialize(allocation, options));
        Assert.Equal("\"AAEC/w==\"", JsonSerializer.Serialize(secret, options));
    }

    private static void AssertFragmentsRefused(string fragments)
    {
        var spoilt = SampleMessages.Post.Replace(SampleMessages.Fragment, fragments, StringComparison.Ordinal);
        Assert.NotEqual(SampleMessages.Post, spoilt);
        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(spoilt, Dialect.Guide));
        Assert.False(SampleMessages.CanRead<PostKeyShareRequest>(spoilt, Dialect.Reference));
    }
}
