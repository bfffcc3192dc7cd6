using Dske.Protocol.KeyDelivery;

namespace Dske.Encryptor.Configuration;

/// <summary>Where and how an encryptor reaches its KME, section <c>Dske:Encryptor:Kme</c>.</summary>
internal sealed class KmeOptions
{
    /// <summary>The KME's name, a DNS label. Required.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The KME's URL: <c>http</c>, <c>https</c> or, for service discovery to choose, <c>https+http</c>. Default: <c>http://{Name}</c>.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>
    /// The path of its key delivery API. Default: <c>/client/{Name}/etsi/api/v1/keys</c>; a KME of the standard has <c>/api/v1/keys</c>.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>How long a call may take, 1 s to 5 min. Default: 10 s.</summary>
    public TimeSpan Timeout { get; set; } = KeyDeliveryClientOptions.DefaultTimeout;
}
