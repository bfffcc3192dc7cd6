namespace Dske.Protocol.KeyDelivery;

/// <summary>How a call to a KME ended: one member per cause that an SAE treats differently.</summary>
public enum KeyDeliveryOutcome
{
    /// <summary>The KME answered 200 with what was asked for.</summary>
    Success,

    /// <summary>The KME refused the request (400): a size it does not serve, a key it does not have …; its message says which.</summary>
    BadRequest,

    /// <summary>The KME does not know this SAE, or does not let it have these keys (401).</summary>
    Unauthorized,

    /// <summary>The KME cannot serve anybody right now (503): no key material, too few hubs; ask again later.</summary>
    Unavailable,

    /// <summary>The KME answered with a status that the standard does not have.</summary>
    UnexpectedStatus,

    /// <summary>The KME answered 200 with something that is not what was asked for, or too much of it. Keys in it are lost.</summary>
    MalformedAnswer,

    /// <summary>There is no connection to the KME, or it broke. Keys on their way are lost.</summary>
    Unreachable,

    /// <summary>No answer, or not all of it, came in time. Keys on their way are lost.</summary>
    TimedOut,
}
