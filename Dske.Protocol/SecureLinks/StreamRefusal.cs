namespace Dske.Protocol.SecureLinks;

/// <summary>Why an accepter does not serve a stream. The values are those on the wire.</summary>
public enum StreamRefusal
{
    /// <summary>The target is not on its list.</summary>
    TargetNotAllowed = 1,

    /// <summary>Nothing answers at the target.</summary>
    TargetUnreachable = 2,

    /// <summary>It cannot take more.</summary>
    Busy = 3,
}
