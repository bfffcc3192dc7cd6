using System.Text.Json;
using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Messages;

/// <summary>
/// Reads and writes <c>{"fragments":[{"block_uuid":…,"start_byte":…,"size":…}]}</c> in one dialect; the reference says <c>start</c>
/// for <c>start_byte</c>. Exactly these members, each once; at most <see cref="Allocation.MaxPadFragments"/> fragments.
/// </summary>
internal sealed class AllocationJsonConverter(Dialect dialect) : JsonConverter<Allocation>
{
    private readonly JsonEncodedText _startName = JsonEncodedText.Encode(dialect == Dialect.Guide ? "start_byte" : "start");

    public override Allocation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Expect(reader.TokenType, JsonTokenType.StartObject);
        Expect(ref reader, JsonTokenType.PropertyName);
        if (!reader.ValueTextEquals("fragments"u8))
        {
            throw new JsonException();
        }

        Expect(ref reader, JsonTokenType.StartArray);
        var fragments = new List<Fragment>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (fragments.Count == Allocation.MaxPadFragments)
            {
                throw new JsonException();
            }

            fragments.Add(ReadFragment(ref reader));
        }

        Expect(reader.TokenType, JsonTokenType.EndArray);
        Expect(ref reader, JsonTokenType.EndObject);
        return Allocation.Own([.. fragments]);
    }

    public override void Write(Utf8JsonWriter writer, Allocation value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("fragments"u8);
        foreach (var fragment in value.Fragments)
        {
            writer.WriteStartObject();
            writer.WriteString("block_uuid"u8, fragment.BlockId);
            writer.WriteNumber(_startName, fragment.Start);
            writer.WriteNumber("size"u8, fragment.Size);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private Fragment ReadFragment(ref Utf8JsonReader reader)
    {
        Guid? block = null;
        long? start = null;
        long? size = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (block is null && reader.ValueTextEquals("block_uuid"u8))
            {
                Expect(ref reader, JsonTokenType.String);
                block = reader.GetGuid();
            }
            else if (start is null && reader.ValueTextEquals(_startName.EncodedUtf8Bytes))
            {
                start = ReadNumber(ref reader);
            }
            else if (size is null && reader.ValueTextEquals("size"u8))
            {
                size = ReadNumber(ref reader);
            }
            else
            {
                throw new JsonException();
            }
        }

        Expect(reader.TokenType, JsonTokenType.EndObject);
        return block is { } id && start is { } first && size is { } count ? new Fragment(id, first, count) : throw new JsonException();
    }

    private static long ReadNumber(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.Number);
        return reader.GetInt64();
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        reader.Read();
        Expect(reader.TokenType, token);
    }

    private static void Expect(JsonTokenType actual, JsonTokenType expected)
    {
        if (actual != expected)
        {
            throw new JsonException();
        }
    }
}
