using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Protocol.Secrets;

/// <summary>
/// Reads and writes a secret as a base64 JSON string (<see cref="SecretBase64"/>), straight between the UTF-8 text and pinned memory.
/// Name it in a <see cref="JsonConverterAttribute"/> on the property, and let the text live in a <see cref="SecretBufferWriter"/>.
/// </summary>
public sealed class SecretBytesJsonConverter : JsonConverter<SecretBytes>
{
    /// <summary>Reads a secret, which the caller owns and disposes.</summary>
    /// <exception cref="JsonException">The token is no string, or the string not base64. The message holds nothing of it.</exception>
    public override SecretBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SecretBase64.TryDecode(ref reader, out var secret)
            ? secret
            : throw new JsonException("A base64 string (RFC 4648 section 4) was expected.");

    /// <summary>Writes a secret, which stays the caller's.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> or <paramref name="value"/> is null.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="value"/> was disposed.</exception>
    public override void Write(Utf8JsonWriter writer, SecretBytes value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteBase64StringValue(value.Span);
    }
}
