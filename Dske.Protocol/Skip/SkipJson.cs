using System.Text.Json.Serialization;

namespace Dske.Protocol.Skip;

/// <summary>The answers of SKIP that carry no secret: exact names, compact. Keys and random strings go through <see cref="SkipCodec"/>.</summary>
[JsonSerializable(typeof(SkipCapabilities))]
[JsonSerializable(typeof(SkipError))]
public sealed partial class SkipJson : JsonSerializerContext;
