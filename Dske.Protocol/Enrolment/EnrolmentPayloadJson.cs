using System.Text.Json.Serialization;

namespace Dske.Protocol.Enrolment;

/// <summary>The generated serializer of <see cref="EnrolmentPayload"/>.</summary>
[JsonSerializable(typeof(EnrolmentPayload))]
internal sealed partial class EnrolmentPayloadJson : JsonSerializerContext;
