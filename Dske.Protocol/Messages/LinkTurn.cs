using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>
/// What a client has to know before it can sync where it cannot register. Nobody signs it: it tells a client whom it would talk to, and nothing is
/// given up, skipped or believed on account of it.
/// </summary>
public sealed record LinkTurn
{
    /// <summary>The hub's instance.</summary>
    [JsonPropertyName("hub_instance")]
    public required Guid HubInstance { get; init; }

    /// <summary>What the next sync of the client has to name; null when the hub has no native link with it.</summary>
    [JsonPropertyName("turn")]
    public required Guid? Turn { get; init; }

    /// <summary>Whether the hub waits for the couriered file that was asked about; null when none was.</summary>
    [JsonPropertyName("awaits_file")]
    public required bool? AwaitsFile { get; init; }
}
