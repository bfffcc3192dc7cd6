using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>The generated serializers of the v1 messages; <see cref="MessageJson"/> holds one for each dialect.</summary>
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(RegistrationAnswer))]
[JsonSerializable(typeof(LinkStatement))]
[JsonSerializable(typeof(LinkTurn))]
[JsonSerializable(typeof(PsrdAnswer))]
[JsonSerializable(typeof(PostKeyShareRequest))]
[JsonSerializable(typeof(PostKeyShareAnswer))]
[JsonSerializable(typeof(GetKeyShareAnswer))]
[JsonSerializable(typeof(PostKeySharesRequest))]
[JsonSerializable(typeof(GetKeySharesAnswer))]
[JsonSerializable(typeof(EncryptorsAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(ReferenceErrorAnswer))]
internal sealed partial class MessageJsonContext : JsonSerializerContext;
