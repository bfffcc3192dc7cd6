using System.Text.Json.Serialization;

namespace Dske.Encryptor.Sinks;

/// <summary>What a sink hands its keys to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SinkKind>))]
internal enum SinkKind
{
    /// <summary>A file that is replaced.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>A program that reads its standard input.</summary>
    [JsonStringEnumMemberName("command")]
    Command,
}
