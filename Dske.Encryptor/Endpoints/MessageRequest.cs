using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>A message to a peer.</summary>
/// <param name="Text">What it says.</param>
internal sealed record MessageRequest(
    [property: JsonPropertyName("text")]
    [property: Description("What to say, 1 to 16384 bytes of UTF-8.")]
    string Text);
