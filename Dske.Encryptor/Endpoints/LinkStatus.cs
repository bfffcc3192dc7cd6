using System.ComponentModel;
using System.Text.Json.Serialization;
using Dske.Encryptor.Links;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Endpoints;

/// <summary>A link as it is at a moment.</summary>
internal sealed record LinkStatus
{
    [JsonPropertyName("peer")]
    [Description("The SAE ID of the other encryptor.")]
    public required string Peer { get; init; }

    [JsonPropertyName("configured")]
    [Description("Whether the link was asked for here; if not, the peer keeps it.")]
    public required bool Configured { get; init; }

    [JsonPropertyName("role")]
    [Description("initiator: this end gets fresh keys and names them to the peer. responder: the other way round. Absent without keys.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonPropertyName("cipher")]
    [Description("aes-256-gcm or one-time-pad.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cipher { get; init; }

    [JsonPropertyName("state")]
    [Description("connecting: no keys yet. up. stale: it goes on with the keys it has. stopped: they became too old.")]
    public required LinkState State { get; init; }

    [JsonPropertyName("reason")]
    [Description("Why it is not up.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    [JsonPropertyName("epoch")]
    [Description("The number of the keys in use, from 1 whenever one of the ends starts; 0 for none.")]
    public required long Epoch { get; init; }

    [JsonPropertyName("key_age_seconds")]
    [Description("How old they are.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? KeyAgeSeconds { get; init; }

    [JsonPropertyName("next_roll_over_seconds")]
    [Description("How long until fresh ones are due; at the initiator only.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NextRollOverSeconds { get; init; }

    [JsonPropertyName("roll_overs")]
    [Description("How often fresh keys came since this encryptor started.")]
    public required long RollOvers { get; init; }

    [JsonPropertyName("failures")]
    [Description("How often they did not.")]
    public required long Failures { get; init; }

    [JsonPropertyName("streams")]
    [Description("Connections and messages that are on their way.")]
    public required int Streams { get; init; }

    [JsonPropertyName("sent_bytes")]
    [Description("What was sent, without what sealing adds.")]
    public required long SentBytes { get; init; }

    [JsonPropertyName("received_bytes")]
    [Description("What was received.")]
    public required long ReceivedBytes { get; init; }

    [JsonPropertyName("pauses")]
    [Description("How often a sender had no key to go on with.")]
    public required long Pauses { get; init; }

    [JsonPropertyName("pad_to_send_bytes")]
    [Description("With one-time-pad: what is left to send with.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PadToSendBytes { get; init; }

    [JsonPropertyName("pad_to_receive_bytes")]
    [Description("With one-time-pad: what is left to the peer, as far as this end has seen.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PadToReceiveBytes { get; init; }

    [JsonPropertyName("rejected")]
    [Description("Records and hellos that were refused, by reason.")]
    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    [JsonPropertyName("roll_over_seconds")]
    [Description("After how many seconds fresh keys are to come; like the following absent when the peer keeps the link.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RollOverSeconds { get; init; }

    [JsonPropertyName("roll_over_bytes")]
    [Description("After how many bytes they are to come.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RollOverBytes { get; init; }

    [JsonPropertyName("max_key_age_seconds")]
    [Description("How long keys are used when no fresh ones can be had.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxKeyAgeSeconds { get; init; }

    [JsonPropertyName("pad_bytes")]
    [Description("With one-time-pad: how many bytes are kept for each direction.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PadBytes { get; init; }

    public static LinkStatus Of(Link link, TimeProvider time)
    {
        var session = link.Session;
        var (state, reason) = link.Describe();
        var pads = session?.Secrets as PadSecrets;
        return new LinkStatus
        {
            Peer = link.Peer.SaeId.Value,
            Configured = link.Settings is not null,
            Role = session is null ? null : session.Role == LinkRole.Initiator ? "initiator" : "responder",
            Cipher = (session?.Cipher ?? link.Settings?.Cipher) is { } cipher ? LinkRequest.NameOf(cipher) : null,
            State = state,
            Reason = reason,
            Epoch = session?.Epoch ?? 0,
            KeyAgeSeconds = session is null ? null : Math.Round(time.GetElapsedTime(session.EpochAt).TotalSeconds, 3),
            NextRollOverSeconds = LinkReport.UntilRollOver(link, time) is { } next ? Math.Round(next, 3) : null,
            RollOvers = link.Counters.RollOvers,
            Failures = link.Counters.Failures,
            Streams = session?.StreamCount ?? 0,
            SentBytes = link.Counters.Sent,
            ReceivedBytes = link.Counters.Received,
            Pauses = link.Counters.Pauses,
            PadToSendBytes = pads?.Sending.Available,
            PadToReceiveBytes = pads?.Receiving.Available,
            Rejected = link.Counters.Rejected,
            RollOverSeconds = (int?)link.Settings?.RollOver.TotalSeconds,
            RollOverBytes = link.Settings?.RollOverBytes,
            MaxKeyAgeSeconds = (int?)link.Settings?.MaxKeyAge.TotalSeconds,
            PadBytes = link.Settings?.PadBytes,
        };
    }
}
