using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Tests.Vectors;

/// <summary>
/// Reads the recorded data beside this file. Members that the target type lacks are refused, so that nothing recorded goes
/// unread without anyone noticing. A <c>byte[]</c> is lower-case hexadecimal in the files.
/// </summary>
internal static class VectorFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new HexConverter() },
    };

    /// <summary>Reads one file.</summary>
    /// <param name="name">Its name, such as <c>shamir.json</c>.</param>
    public static T Load<T>(string name)
        where T : class
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "Data", name));
        return JsonSerializer.Deserialize<T>(file, Options) ?? throw new InvalidDataException($"{name} holds nothing.");
    }

    private sealed class HexConverter : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Convert.FromHexString(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Convert.ToHexStringLower(value));
    }
}
