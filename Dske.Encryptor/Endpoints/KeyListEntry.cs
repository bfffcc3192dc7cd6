using System.ComponentModel;
using System.Text.Json.Serialization;
using Dske.Encryptor.Establishment;

namespace Dske.Encryptor.Endpoints;

/// <summary>One key of a <see cref="KeyList"/>.</summary>
internal sealed record KeyListEntry
{
    [JsonPropertyName("peer")]
    [Description("The SAE ID of the other encryptor.")]
    public required string Peer { get; init; }

    [JsonPropertyName("role")]
    [Description("Whether this encryptor offered the key (initiator) or was offered it (responder).")]
    public required KeyRole Role { get; init; }

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
    [Description("True: the other end proved that it holds the key.")]
    public required bool Confirmed { get; init; }

    [JsonPropertyName("established_at")]
    [Description("When the other end's proof was found right.")]
    public required DateTimeOffset EstablishedAt { get; init; }
}
