namespace Dske.Protocol.SecretSharing;

/// <summary>What became of a share given to <see cref="ShareCollector.Add"/>.</summary>
public enum CollectOutcome
{
    /// <summary>The share is kept, and the secret is not rebuilt yet: more shares are needed.</summary>
    Kept,

    /// <summary>With this share the secret is rebuilt, and its digest fits.</summary>
    Recovered,

    /// <summary>The share is kept, but the limit of candidates left sets untried that it could complete.</summary>
    Exhausted,

    /// <summary>The secret was rebuilt before, and the share fits it: it was not needed and is gone.</summary>
    AlreadyRecovered,

    /// <summary>The secret was rebuilt before, and the share does not fit it: whoever made or sent it lied. It is gone.</summary>
    Wrong,

    /// <summary>The index is not one of 0 to n-1. The share is gone.</summary>
    IndexOutOfRange,

    /// <summary>A share with this index was given before. The share is gone; the earlier one still counts.</summary>
    DuplicateIndex,

    /// <summary>
    /// The length cannot be the secret's: it is below the least one, differs from that of the rebuilt secret, or too many other
    /// shares differ from it for a threshold of shares to agree. The share is gone. As long as no more than n-k shares are
    /// wrong, only a wrong one meets this outcome, in whichever order they come.
    /// </summary>
    LengthMismatch,
}
