using System.Text.Json.Serialization;

namespace Dske.Console.Network;

/// <summary>A key sink as an encryptor reports it. More that it says is skipped.</summary>
/// <param name="Name">The sink's name, the same at both ends.</param>
/// <param name="Peer">The SAE ID at the other end.</param>
/// <param name="Kind">What keys are handed to: file or command.</param>
/// <param name="RollOvers">How many keys were handed over.</param>
/// <param name="Failures">How many attempts to establish a key or to hand one over failed.</param>
/// <param name="RolledOverAt">When a key was handed over last; null before the first.</param>
/// <param name="NextAt">When this end establishes the next one; null where the other end does.</param>
/// <param name="Fingerprint">The fingerprint of the key that was handed over last, equal at both ends; null before the first.</param>
/// <param name="WaitingKeyId">The ID of a newer key that could not be handed over yet; null when there is none.</param>
/// <param name="LastError">Why the last attempt that failed did; null once a key was handed over since.</param>
public sealed record KeySink(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("peer")] string Peer,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("rollovers")] long RollOvers,
    [property: JsonPropertyName("failures")] long Failures,
    [property: JsonPropertyName("rolled_over_at")] DateTimeOffset? RolledOverAt,
    [property: JsonPropertyName("next_at")] DateTimeOffset? NextAt,
    [property: JsonPropertyName("fingerprint")] string? Fingerprint,
    [property: JsonPropertyName("waiting_key_ID")] string? WaitingKeyId,
    [property: JsonPropertyName("last_error")] string? LastError)
{
    /// <summary>How it is, in a word.</summary>
    public string Condition => LastError is not null ? "failing" : RolledOverAt is null ? "waiting" : "in order";
}
