namespace Dske.Encryptor.Establishment;

/// <summary>
/// Why an establishment or an offer came to nothing: one member per cause. <see cref="Endpoints.EncryptorProblems"/> gives each its status.
/// </summary>
internal enum ExchangeFailure
{
    /// <summary>Our KME refused the request: a size or a number it does not serve, a key it does not have.</summary>
    KmeRefused,

    /// <summary>Our KME does not let this encryptor have these keys.</summary>
    KmeUnauthorized,

    /// <summary>Our KME cannot serve anybody right now.</summary>
    KmeUnavailable,

    /// <summary>Our KME answered with something that is not key delivery.</summary>
    KmeBadAnswer,

    /// <summary>There is no connection to our KME.</summary>
    KmeUnreachable,

    /// <summary>Our KME did not answer in time.</summary>
    KmeTimedOut,

    /// <summary>The peer refused the offer, or could not get the keys.</summary>
    PeerRefused,

    /// <summary>The peer, or its KME, cannot serve anybody right now.</summary>
    PeerUnavailable,

    /// <summary>The peer answered with something that is no answer to an offer.</summary>
    PeerBadAnswer,

    /// <summary>There is no connection to the peer.</summary>
    PeerUnreachable,

    /// <summary>The peer did not answer in time.</summary>
    PeerTimedOut,

    /// <summary>The two ends do not hold the same keys. None of them is kept.</summary>
    NotConfirmed,

    /// <summary>A key ID is known here already: an offer that was sent twice, or a KME that repeats itself.</summary>
    KeyIdKnown,

    /// <summary>The key has not the size that its sink takes. It is not kept.</summary>
    KeyUnfit,
}
