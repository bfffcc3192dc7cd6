using System.Text.Json.Serialization;

namespace Dske.Cli.Network;

/// <summary>What the AppHost answers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeState))]
[JsonSerializable(typeof(NodeState[]))]
internal sealed partial class NetworkJson : JsonSerializerContext;
