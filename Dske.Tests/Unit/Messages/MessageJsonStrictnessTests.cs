using System.Text;
using System.Text.Json;
using CsCheck;
using Dske.Protocol.Messages;

namespace Dske.Tests.Unit.Messages;

/// <summary>What is no message, whichever message it looks like.</summary>
[Trait("Tier", "Unit")]
public sealed class MessageJsonStrictnessTests
{
    private static readonly Dictionary<JsonValueKind, string> OtherValues = new()
    {
        [JsonValueKind.Null] = "null",
        [JsonValueKind.True] = "true",
        [JsonValueKind.Number] = "7",
        [JsonValueKind.String] = "\"x y\"",
        [JsonValueKind.Array] = "[]",
        [JsonValueKind.Object] = "{}",
    };

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, SampleMessages.All.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_member_that_is_missing_makes_a_message_unreadable_unless_it_is_optional(int number)
    {
        var sample = SampleMessages.All[number];
        Assert.All(sample.Members, missing => Assert.Equal(
            sample.Optional.Contains(missing.Name), sample.CanReadText(Join(sample.Members.Where(member => member != missing)))));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_member_that_stands_twice_makes_a_message_unreadable(int number)
    {
        var sample = SampleMessages.All[number];
        Assert.All(sample.Members, twice =>
        {
            Assert.False(sample.CanReadText(Join([.. sample.Members, twice])));
            Assert.False(sample.CanReadText(Join([twice, .. sample.Members])));
            Assert.False(sample.CanReadText(Join([.. sample.Members, (Escape(twice.Name), twice.Value, twice.Kind)])));
        });
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_member_that_is_unknown_or_named_otherwise_makes_a_message_unreadable(int number)
    {
        var sample = SampleMessages.All[number];
        Assert.False(sample.CanReadText(Join([.. sample.Members, ("more", "1", JsonValueKind.Number)])));
        Assert.False(sample.CanReadText(Join([.. sample.Members, ("", "null", JsonValueKind.Null)])));
        Assert.All(sample.Members, renamed => Assert.False(sample.CanReadText(Join(sample.Members.Select(
            member => member == renamed ? (member.Name.ToUpperInvariant(), member.Value, member.Kind) : member)))));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_value_of_another_type_makes_a_message_unreadable(int number)
    {
        var sample = SampleMessages.All[number];
        foreach (var changed in sample.Members)
        {
            foreach (var (kind, value) in OtherValues.Where(other => other.Key != changed.Kind))
            {
                var isFine = sample.Optional.Contains(changed.Name) && kind is JsonValueKind.Null
                    || (sample.Kind, changed.Name, kind) is (nameof(ReferenceErrorAnswer), "details", JsonValueKind.String);

                Assert.Equal(isFine, sample.CanReadText(Join(sample.Members.Select(
                    member => member == changed ? (member.Name, value, kind) : member))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_order_of_members_space_between_them_and_escapes_do_not_matter(int number)
    {
        var sample = SampleMessages.All[number];
        Assert.True(sample.CanReadText(Join(sample.Members.Reverse())));
        Assert.True(sample.CanReadText(" \t\r\n" + sample.Text.Replace("\":", "\" : ", StringComparison.Ordinal) + "\n"));
        Assert.True(sample.CanReadText(Join(sample.Members.Select(member => (Escape(member.Name), member.Value, member.Kind)))));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Anything_around_a_message_makes_it_unreadable(int number)
    {
        var sample = SampleMessages.All[number];
        string[] spoilt =
        [
            "", " ", "null", "[]", "1", "\"\"",
            sample.Text + sample.Text, sample.Text + "1", sample.Text + "}", sample.Text + ",", sample.Text + "\0",
            "\uFEFF" + sample.Text, "/**/" + sample.Text, sample.Text + "//", "[" + sample.Text + "]", sample.Text[..^1], sample.Text[1..],
            sample.Text[..^1] + ",}", sample.Text.Replace('"', '\''), sample.Text.Replace(":", "=", StringComparison.Ordinal),
        ];

        Assert.All(spoilt, text => Assert.False(sample.CanReadText(text), text));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Deep_nesting_makes_a_message_unreadable(int number)
    {
        var sample = SampleMessages.All[number];
        foreach (var depth in new[] { 9, 100, 100_000 })
        {
            var nested = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));

            Assert.False(sample.CanReadText(nested));
            Assert.All(sample.Members, changed => Assert.False(sample.CanReadText(Join(sample.Members.Select(
                member => member == changed ? (member.Name, nested, member.Kind) : member)))));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Text_that_is_no_UTF_8_or_no_UTF_16_makes_a_message_unreadable(int number)
    {
        var sample = SampleMessages.All[number];
        foreach (var changed in sample.Members.Where(member => member.Kind == JsonValueKind.String))
        {
            string[] spoilt = ["\"\\ud800\"", "\"\\udc00x\"", "\"\\ud800\\u0041\"", "\"\\u00\"", "\"\\x\"", "\"\n\""];
            Assert.All(spoilt, value => Assert.False(sample.CanReadText(Join(sample.Members.Select(
                member => member == changed ? (member.Name, value, member.Kind) : member)))));

            var bytes = Encoding.UTF8.GetBytes(Join(sample.Members.Select(member => member == changed ? (member.Name, "\"~\"", member.Kind) : member)));
            var at = Array.IndexOf(bytes, (byte)'~');
            Assert.All(new byte[] { 0x80, 0xC0, 0xED, 0xFF }, invalid =>
            {
                bytes[at] = invalid;
                Assert.False(sample.CanRead(bytes, Dialect.Guide) || sample.CanRead(bytes, Dialect.Reference));
            });
        }

        Assert.False(sample.CanReadText(Join([.. sample.Members, ("\\ud800", "1", JsonValueKind.Number)])));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void No_bytes_whatsoever_make_the_reader_throw(int number)
    {
        var sample = SampleMessages.All[number];
        var good = Encoding.UTF8.GetBytes(sample.Text);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 3], Gen.OneOf(Gen.Byte, Gen.OneOf("\"\\{}[]:,0-e. "u8.ToArray()))).Array[1, 4].Sample(
            edits =>
            {
                var bytes = good.ToList();
                foreach (var (at, edit, value) in edits.Where(edit => edit.Item1 < bytes.Count))
                {
                    switch (edit)
                    {
                        case 0: bytes[at] = value; break;
                        case 1: bytes.Insert(at, value); break;
                        case 2: bytes.RemoveAt(at); break;
                        default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(20, bytes.Count - at))); break;
                    }
                }

                sample.CanRead([.. bytes], Dialect.Guide);
                sample.CanRead([.. bytes], Dialect.Reference);
            },
            iter: 2000);
    }

    private static string Join(IEnumerable<(string Name, string Value, JsonValueKind Kind)> members)
        => "{" + string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}")) + "}";

    private static string Escape(string name) => $"\\u{(int)name[0]:x4}{name[1..]}";
}
