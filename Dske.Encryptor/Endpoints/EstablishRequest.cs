using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>A request to establish keys with a peer.</summary>
/// <param name="Peer">The peer's SAE ID.</param>
/// <param name="Size">The size of each key in bits.</param>
/// <param name="Number">How many keys.</param>
internal sealed record EstablishRequest(
    [property: JsonPropertyName("peer")]
    [property: Description("The SAE ID of the peer, one of those that GET peers lists.")]
    string Peer,

    [property: JsonPropertyName("size")]
    [property: Description("The size of each key in bits: a multiple of 8 from 128 to 65536.")]
    int Size = EstablishRequest.DefaultSizeBits,

    [property: JsonPropertyName("number")]
    [property: Description("How many keys, 1 to 128.")]
    int Number = 1)
{
    /// <summary>The smallest key: a proof lets whoever sees it test guesses of the key, so shorter ones are not proved.</summary>
    public const int MinSizeBits = 128;

    /// <summary>The largest key.</summary>
    public const int MaxSizeBits = 65_536;

    /// <summary>The size of a key when none is named.</summary>
    public const int DefaultSizeBits = 256;
}
