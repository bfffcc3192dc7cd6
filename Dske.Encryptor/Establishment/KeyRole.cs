using System.Text.Json.Serialization;

namespace Dske.Encryptor.Establishment;

/// <summary>Which end of an establishment this encryptor was.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyRole>))]
internal enum KeyRole
{
    /// <summary>It asked its KME for the key and offered it: the master SAE.</summary>
    [JsonStringEnumMemberName("initiator")]
    Initiator,

    /// <summary>It was offered the key and got it by its ID: the slave SAE.</summary>
    [JsonStringEnumMemberName("responder")]
    Responder,
}
