using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Dske.Tests.Fuzzing;

/// <summary>
/// Changes one value or member of a JSON text and keeps the rest as it is: another type, another number, long or odd text, deep nesting;
/// members that are missing, there twice, unknown or named in another way.
/// </summary>
internal sealed class JsonMutator(Random random)
{
    private const int MaxDepth = 32;

    /// <summary>Changes a text, if it is JSON.</summary>
    public bool TryMutate(byte[] utf8, [NotNullWhen(true)] out byte[]? changed)
    {
        changed = null;
        if (utf8.Length == 0 || utf8[0] is not ((byte)'{' or (byte)'['))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var text = new StringBuilder(utf8.Length + 64);
            var at = random.Next(Count(document.RootElement));
            Write(document.RootElement, ref at, text);
            changed = Encoding.UTF8.GetBytes(text.ToString());
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What an earlier step left is no JSON any more, or has half a surrogate pair in it.
            return false;
        }
    }

    private static int Count(JsonElement element) => 1 + element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(member => Count(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Count),
        _ => 0,
    };

    /// <summary>Writes an element; the one at which <paramref name="at"/> has run out in another way.</summary>
    private void Write(JsonElement element, ref int at, StringBuilder text)
    {
        var isChosen = at-- == 0;
        if (isChosen && (element.ValueKind != JsonValueKind.Object || random.Next(2) == 0))
        {
            text.Append(Another(element));
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(element, ref at, isChosen, text);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var isFirst = true;
                foreach (var item in element.EnumerateArray())
                {
                    text.Append(isFirst ? string.Empty : ",");
                    isFirst = false;
                    Write(item, ref at, text);
                }

                text.Append(']');
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private void WriteMembers(JsonElement element, ref int at, bool isChosen, StringBuilder text)
    {
        var members = new List<string>();
        foreach (var member in element.EnumerateObject())
        {
            var value = new StringBuilder();
            Write(member.Value, ref at, value);
            members.Add($"{JsonSerializer.Serialize(member.Name)}:{value}");
        }

        if (isChosen)
        {
            Spoil(members);
        }

        text.Append('{').AppendJoin(',', members).Append('}');
    }

    private void Spoil(List<string> members)
    {
        var one = random.Next(Math.Max(1, members.Count));
        switch (members.Count == 0 ? 2 : random.Next(6))
        {
            case 0:
                members.RemoveAt(one);
                break;
            case 1:
                members.Insert(random.Next(members.Count + 1), members[one]);
                break;
            case 2:
                members.Insert(random.Next(members.Count + 1), $"\"{OddInputs.Pick(random, ["x", "", "$type", "\\ud800", "__proto__", "client_name", "size"])}\":{Value()}");
                break;
            case 3:
                members[one] = members[one].ToUpperInvariant();
                break;
            case 4:
                // The same name in other letters: an escape stands for the first one.
                members[one] = $"\"\\u{(int)members[one][1]:x4}{members[one][2..]}";
                break;
            default:
                members.Insert(random.Next(members.Count + 1), members[one][..members[one].IndexOf(':', StringComparison.Ordinal)] + ":" + Value());
                break;
        }
    }

    private string Another(JsonElement element) => (element.ValueKind, random.Next(3)) switch
    {
        (JsonValueKind.Number, 0 or 1) => OddInputs.Pick(random, OddInputs.Numbers),
        (JsonValueKind.String, 0) => element.GetRawText()[..^1] + OddInputs.Pick(random, OddInputs.Texts) + "\"",
        (JsonValueKind.String, 1) => $"\"{string.Concat(element.GetRawText()[1..^1].Select(c => char.IsAsciiLetterOrDigit(c) ? $"\\u{(int)c:x4}" : $"{c}"))}\"",
        (JsonValueKind.Array, 0 or 1) => Items(element),
        _ => Value(),
    };

    /// <summary>A list with no items, one more that does not belong there, or very many.</summary>
    private string Items(JsonElement list)
    {
        var items = list.EnumerateArray().Select(item => item.GetRawText()).ToList();
        return random.Next(4) switch
        {
            0 => "[]",
            1 => $"[{string.Join(',', items.Append(Value()))}]",
            2 => $"[{string.Join(',', items.Concat(items))}]",
            _ => $"[{string.Join(',', Enumerable.Repeat(items.Count == 0 ? "0" : items[random.Next(items.Count)], 3000))}]",
        };
    }

    private string Value() => random.Next(11) switch
    {
        0 or 9 => "null",
        1 => "true",
        2 => OddInputs.Pick(random, OddInputs.Numbers),
        3 => $"\"{OddInputs.Pick(random, OddInputs.Texts)}\"",
        4 => $"\"{new string(OddInputs.Pick(random, ["A", "a", "0", " ", "愛"])[0], OddInputs.Pick(random, [1, 63, 64, 255, 256, 4096, 40_000]))}\"",
        5 => new string('[', OddInputs.Pick(random, [1, 9, 20, 70, 5000])) + "1",
        6 => string.Concat(Enumerable.Repeat("{\"a\":", OddInputs.Pick(random, [1, 9, 20, 70, 1000]))) + "1",
        7 => string.Concat(Enumerable.Repeat("[", 70)) + string.Concat(Enumerable.Repeat("]", 70)),
        8 => "{}",
        _ => "\"AAECAw==\"",
    };
}
