using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>Answer to GET encryptors, on native links: the clients of the network, or the one that has the encryptor asked about.</summary>
public sealed record EncryptorsAnswer
{
    /// <summary>The largest answer, in bytes: a hub with more clients than that answers only for single encryptors.</summary>
    public const int MaxSize = 2 * 1024 * 1024;

    /// <summary>The clients by name, each with its encryptors in ordinal order; empty when nobody has the encryptor asked about.</summary>
    [JsonPropertyName("clients")]
    public required IReadOnlyList<ListedClient> Clients { get; init; }

    /// <summary>The bytes left in the hub-owned pool, as the hub sees it.</summary>
    [JsonPropertyName("psrd_available")]
    public required long PsrdAvailable { get; init; }
}
