using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>One key of an <see cref="EstablishResponse"/>.</summary>
internal sealed record EstablishedKeySummary
{
    [JsonPropertyName("key_ID")]
    [Description("The key's ID.")]
    public required Guid KeyId { get; init; }

    [JsonPropertyName("size")]
    [Description("The key's size in bits.")]
    public required int Size { get; init; }

    [JsonPropertyName("fingerprint")]
    [Description("Eight hexadecimal digits, equal at both ends.")]
    public required string Fingerprint { get; init; }

    [JsonPropertyName("confirmed")]
    [Description("True: both ends proved that they hold the key.")]
    public required bool Confirmed { get; init; }
}
