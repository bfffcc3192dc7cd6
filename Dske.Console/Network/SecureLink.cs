using System.Text.Json.Serialization;

namespace Dske.Console.Network;

/// <summary>A secure link as an encryptor reports it. More that it says is skipped.</summary>
/// <param name="Peer">The SAE ID at the other end.</param>
/// <param name="State">connecting, up, stale or stopped.</param>
/// <param name="Reason">Why it is not up; null when it is.</param>
/// <param name="Cipher">How it is sealed; null before that is known.</param>
/// <param name="Epoch">The number of the keys in use.</param>
/// <param name="RollOvers">How often fresh keys came.</param>
/// <param name="Failures">How often they did not.</param>
/// <param name="Sent">Bytes that were sent over it.</param>
/// <param name="Received">Bytes that were received.</param>
/// <param name="Next">How many seconds until fresh keys are due; null where the other end decides.</param>
public sealed record SecureLink(
    [property: JsonPropertyName("peer")] string Peer,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("cipher")] string? Cipher,
    [property: JsonPropertyName("epoch")] long Epoch,
    [property: JsonPropertyName("roll_overs")] long RollOvers,
    [property: JsonPropertyName("failures")] long Failures,
    [property: JsonPropertyName("sent_bytes")] long Sent,
    [property: JsonPropertyName("received_bytes")] long Received,
    [property: JsonPropertyName("next_roll_over_seconds")] double? Next)
{
    /// <summary>Whether both ends hold keys that are in order.</summary>
    public bool IsUp => State == "up";
}
