namespace Dske.Encryptor.Links;

/// <summary>How a message of the agreement was taken.</summary>
internal enum EpochOutcome
{
    /// <summary>A hello was accepted; there is an answer to send.</summary>
    Accepted,

    /// <summary>A ready or a close was taken; there is nothing to say.</summary>
    Taken,

    /// <summary>It is no message of the agreement.</summary>
    Malformed,

    /// <summary>It is between other encryptors.</summary>
    Foreign,

    /// <summary>It is for another instance of this end.</summary>
    OtherInstance,

    /// <summary>It came before, or should have.</summary>
    Replayed,

    /// <summary>This end drives the link.</summary>
    DrivenHere,

    /// <summary>Its sender does not hold the keys.</summary>
    NotConfirmed,

    /// <summary>There were too many.</summary>
    TooMany,

    /// <summary>The KME did not deliver.</summary>
    KmeFailed,
}
