using System.Text.Json.Serialization;

namespace Dske.Cli.Keys;

/// <summary>What commands about keys write for programs, and what encryptors are asked and answer. No key is among it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeyPair))]
[JsonSerializable(typeof(EstablishOrder))]
[JsonSerializable(typeof(Establishment))]
internal sealed partial class KeysJson : JsonSerializerContext;
