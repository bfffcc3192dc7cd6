using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Protocol.Enrolment;

/// <summary>The JSON in an enrolment token.</summary>
internal sealed record EnrolmentPayload
{
    [JsonPropertyName("hub"), JsonPropertyOrder(0)]
    public required string Hub { get; init; }

    [JsonPropertyName("client"), JsonPropertyOrder(1)]
    public required string Client { get; init; }

    [JsonPropertyName("encryptors"), JsonPropertyOrder(2)]
    public required IReadOnlyList<string> Encryptors { get; init; }

    /// <summary>Strict: members double, unknown or missing are refused.</summary>
    public static EnrolmentPayloadJson Json { get; } = new(new JsonSerializerOptions(JsonSerializerOptions.Strict)
    {
        MaxDepth = 4,
        // Names are data here, never HTML, and there is little room.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
