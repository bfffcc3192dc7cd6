using System.Text.Json;
using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Courier;

/// <summary>A pool's owner as <c>client</c> or <c>hub</c>, and nothing else.</summary>
internal sealed class CourierOwnerConverter : JsonConverter<PoolOwner>
{
    public override PoolOwner Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType != JsonTokenType.String ? throw new JsonException()
            : reader.ValueTextEquals("client"u8) ? PoolOwner.Client
            : reader.ValueTextEquals("hub"u8) ? PoolOwner.Hub
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, PoolOwner value, JsonSerializerOptions options)
        => writer.WriteStringValue(value == PoolOwner.Client ? "client"u8 : "hub"u8);
}
