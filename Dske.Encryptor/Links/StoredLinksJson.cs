using System.Text.Json.Serialization;

namespace Dske.Encryptor.Links;

/// <summary>The file of links and tunnels.</summary>
[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true)]
[JsonSerializable(typeof(StoredLinks))]
internal sealed partial class StoredLinksJson : JsonSerializerContext;
