using System.Text.Json.Serialization;

namespace Dske.Cli.Status;

/// <summary>One key sink of an encryptor, as it reports it. More that it says is skipped.</summary>
/// <param name="Name">The sink's name, the same at both ends.</param>
/// <param name="Peer">The SAE ID of the encryptor at the other end.</param>
/// <param name="Kind">file or command.</param>
/// <param name="RollOvers">How many keys were handed over.</param>
/// <param name="Failures">How many attempts to establish a key or to hand one over failed.</param>
/// <param name="RolledOverAt">When a key was handed over last; null before the first.</param>
/// <param name="NextAt">When this end establishes the next one; null where the other end does.</param>
/// <param name="LastError">Why the last attempt that failed did; null once a key was handed over since.</param>
internal sealed record KeySinkStatus(
    string Name,
    string Peer,
    string Kind,
    [property: JsonPropertyName("rollovers")] long RollOvers,
    long Failures,
    DateTimeOffset? RolledOverAt = null,
    DateTimeOffset? NextAt = null,
    string? LastError = null);
