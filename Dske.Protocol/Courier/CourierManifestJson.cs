using System.Text.Json.Serialization;

namespace Dske.Protocol.Courier;

/// <summary>The generated serializer of <see cref="CourierManifest"/>.</summary>
[JsonSerializable(typeof(CourierManifest))]
internal sealed partial class CourierManifestJson : JsonSerializerContext;
