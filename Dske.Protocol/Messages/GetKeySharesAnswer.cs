using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Messages;

/// <summary>Answer to GET key-shares, on native links: for each key its share, or why there is none.</summary>
public sealed record GetKeySharesAnswer
{
    /// <summary>Which hub-owned PSRD is the pad: as long as all shares together, and used in their order. Absent when there is no share.</summary>
    [JsonPropertyName("encryption_key_allocation")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Allocation? EncryptionKeyAllocation { get; init; }

    /// <summary>An entry for each key that was asked for, in that order.</summary>
    [JsonPropertyName("shares")]
    public required IReadOnlyList<FetchedShare> Shares { get; init; }

    /// <summary>The bytes left in the hub-owned pool, as the hub sees it.</summary>
    [JsonPropertyName("psrd_available")]
    public required long PsrdAvailable { get; init; }
}
