using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>Keys that both ends have proved to hold. The keys themselves are never shown.</summary>
internal sealed record EstablishResponse
{
    [JsonPropertyName("peer")]
    [Description("The SAE ID of the peer.")]
    public required string Peer { get; init; }

    [JsonPropertyName("confirmed")]
    [Description("True: both ends proved that they hold every key.")]
    public required bool Confirmed { get; init; }

    [JsonPropertyName("keys")]
    [Description("The keys, as many as were asked for.")]
    public required IReadOnlyList<EstablishedKeySummary> Keys { get; init; }

    [JsonPropertyName("elapsed_ms")]
    [Description("How long it took, in milliseconds.")]
    public required double ElapsedMilliseconds { get; init; }
}
