namespace Dske.Protocol.SecureLinks;

/// <summary>What became of a record that was received. All but <see cref="Accepted"/> end the stream.</summary>
public enum RecordStatus
{
    /// <summary>It is what the other end sealed, in its turn.</summary>
    Accepted,

    /// <summary>It is no record: an unknown type, a length out of range, a body that its type does not have.</summary>
    Malformed,

    /// <summary>It is another one than the next: replayed, reordered, or one before it is missing.</summary>
    OutOfOrder,

    /// <summary>It does not authenticate.</summary>
    Forged,

    /// <summary>Its key is not there: an epoch that is unknown or over, pad that was used already or has not come.</summary>
    KeyMissing,
}
