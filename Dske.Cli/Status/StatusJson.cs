using System.Text.Json.Serialization;

namespace Dske.Cli.Status;

/// <summary>What <c>status</c> writes for programs, and what it reads of encryptors.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(NodeStatus[]))]
[JsonSerializable(typeof(EncryptorKeys))]
[JsonSerializable(typeof(EncryptorLinks))]
[JsonSerializable(typeof(EncryptorSinks))]
internal sealed partial class StatusJson : JsonSerializerContext;
