namespace Dske.Protocol.SecretSharing;

/// <summary>How <see cref="ShamirScheme.Combine"/> ended. All but the first are what faulty or lying peers can bring about.</summary>
public enum CombineOutcome
{
    /// <summary>The secret is rebuilt and its digest fits.</summary>
    Combined,

    /// <summary>There are fewer shares than the threshold.</summary>
    TooFewShares,

    /// <summary>An index is not one of 0 to n-1; 254 and 255, the scheme's own coordinates, are among those.</summary>
    IndexOutOfRange,

    /// <summary>Two shares have the same index.</summary>
    DuplicateIndex,

    /// <summary>The shares are not all of one length.</summary>
    LengthMismatch,

    /// <summary>The shares are shorter than any secret can be.</summary>
    TooShort,

    /// <summary>The digest does not fit: at least one share is not of this secret.</summary>
    DigestMismatch,
}
