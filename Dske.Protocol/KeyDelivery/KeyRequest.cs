using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Protocol.KeyDelivery;

/// <summary>
/// What an SAE asks for with Get key (ETSI GS QKD 014 clause 6.2, "Key request"). Every member is optional, <c>{}</c> is a request for
/// one key of the default size. Whether the values are acceptable is the KME's to say; members it does not know are ignored.
/// </summary>
public sealed record KeyRequest
{
    /// <summary>How many keys; absent means 1.</summary>
    [JsonPropertyName("number")]
    public int? Number { get; init; }

    /// <summary>The size of each key in bits; absent means the KME's default (<see cref="KmeStatus.KeySize"/>).</summary>
    [JsonPropertyName("size")]
    public int? Size { get; init; }

    /// <summary>Further SAEs that get the identical keys, besides the one in the path.</summary>
    [JsonPropertyName("additional_slave_SAE_IDs")]
    public IReadOnlyList<string>? AdditionalSlaveSaeIds { get; init; }

    /// <summary>Named parameters that the KME must honour or fail: objects with any JSON values.</summary>
    [JsonPropertyName("extension_mandatory")]
    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? ExtensionMandatory { get; init; }

    /// <summary>Named parameters that the KME may ignore: objects with any JSON values.</summary>
    [JsonPropertyName("extension_optional")]
    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? ExtensionOptional { get; init; }
}
