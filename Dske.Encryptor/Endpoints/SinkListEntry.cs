using System.ComponentModel;
using System.Text.Json.Serialization;
using Dske.Encryptor.Sinks;

namespace Dske.Encryptor.Endpoints;

/// <summary>One sink of a <see cref="SinkList"/>.</summary>
internal sealed record SinkListEntry
{
    [JsonPropertyName("name")]
    [Description("The sink's name, the same at both ends.")]
    public required string Name { get; init; }

    [JsonPropertyName("peer")]
    [Description("The SAE ID of the other end.")]
    public required string Peer { get; init; }

    [JsonPropertyName("kind")]
    [Description("What keys are handed to: a file that is replaced, or a command that reads them.")]
    public required SinkKind Kind { get; init; }

    [JsonPropertyName("size")]
    [Description("The size of its keys in bits.")]
    public required int Size { get; init; }

    [JsonPropertyName("interval_s")]
    [Description("How often this end establishes a fresh key, in seconds; null where the other end does.")]
    public required double? IntervalSeconds { get; init; }

    [JsonPropertyName("key_ID")]
    [Description("The ID of the key that was handed over last; null before the first.")]
    public required Guid? KeyId { get; init; }

    [JsonPropertyName("fingerprint")]
    [Description("Eight hexadecimal digits of that key, equal at both ends; null before the first.")]
    public required string? Fingerprint { get; init; }

    [JsonPropertyName("rolled_over_at")]
    [Description("When it was handed over; null before the first.")]
    public required DateTimeOffset? RolledOverAt { get; init; }

    [JsonPropertyName("waiting_key_ID")]
    [Description("The ID of a newer key that could not be handed over yet; null when there is none.")]
    public required Guid? WaitingKeyId { get; init; }

    [JsonPropertyName("next_at")]
    [Description("When this end will establish the next key, or try again to; null where the other end does.")]
    public required DateTimeOffset? NextAt { get; init; }

    [JsonPropertyName("rollovers")]
    [Description("How many keys were handed over since the encryptor started.")]
    public required long RollOvers { get; init; }

    [JsonPropertyName("failures")]
    [Description("How many attempts to establish a key or to hand one over failed since the encryptor started.")]
    public required long Failures { get; init; }

    [JsonPropertyName("last_error")]
    [Description("Why the last attempt that failed did; null when a key was handed over since.")]
    public required string? LastError { get; init; }
}
