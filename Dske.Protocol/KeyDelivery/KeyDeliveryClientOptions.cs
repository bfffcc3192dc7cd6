using Dske.Protocol.Identifiers;

namespace Dske.Protocol.KeyDelivery;

/// <summary>What a <see cref="KeyDeliveryClient"/> needs to know.</summary>
public sealed record KeyDeliveryClientOptions
{
    /// <summary>How long a call may take unless told otherwise: 10 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The SAE that calls: the master of keys it gets, a slave of keys it gets by ID.</summary>
    public required SaeId Caller { get; init; }

    /// <summary>The path of the key delivery API at the KME. Default: <see cref="KeyDeliveryPath.Standard"/>.</summary>
    public string BasePath { get; init; } = KeyDeliveryPath.Standard;

    /// <summary>How long a call may take, from the first byte sent to the last one read. Default: <see cref="DefaultTimeout"/>.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;
}
