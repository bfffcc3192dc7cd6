using System.Text.Json.Serialization;

namespace Dske.Encryptor.Links;

/// <summary>How a link is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LinkState>))]
internal enum LinkState
{
    /// <summary>It has no keys yet, and tries to get some.</summary>
    [JsonStringEnumMemberName("connecting")]
    Connecting,

    /// <summary>It has keys that both ends confirmed.</summary>
    [JsonStringEnumMemberName("up")]
    Up,

    /// <summary>It goes on with the keys it has: fresh ones could not be had, or the other end is not heard of.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>Its keys were too old and are gone. It tries to get fresh ones.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}
