using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>One client of an <see cref="EncryptorsAnswer"/>.</summary>
public sealed record ListedClient
{
    /// <summary>The client's name.</summary>
    [JsonPropertyName("client_name")]
    public required string ClientName { get; init; }

    /// <summary>Its encryptors, or of them the one asked about. Its own name, which is always an encryptor of its own, is not listed.</summary>
    [JsonPropertyName("encryptor_names")]
    public required IReadOnlyList<string> EncryptorNames { get; init; }
}
