using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>Body of PUT registration: a client makes itself and its encryptors known to a hub (guide, "Client registration").</summary>
public sealed record RegistrationRequest
{
    /// <summary>The most encryptors of one client.</summary>
    public const int MaxEncryptors = 1000;

    /// <summary>The name of the client.</summary>
    [JsonPropertyName("client_name")]
    public required string ClientName { get; init; }

    /// <summary>The SAE IDs of the encryptors attached to it; may be empty.</summary>
    [JsonPropertyName("encryptor_names")]
    public required IReadOnlyList<string> EncryptorNames { get; init; }
}
