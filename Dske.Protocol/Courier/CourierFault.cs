namespace Dske.Protocol.Courier;

/// <summary>What is wrong with a couriered file.</summary>
public enum CourierFault
{
    /// <summary>It does not begin as a couriered file does, or says something of itself that none says.</summary>
    NotCourier,

    /// <summary>It is of a version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>It asks for more memory or time to make its key than any file that was made in earnest.</summary>
    KeyTooCostly,

    /// <summary>It is sealed with the other kind of secret: a key file rather than a passphrase, or the other way round.</summary>
    OtherKind,

    /// <summary>The secret does not open it; or its beginning was changed, which nobody can tell apart.</summary>
    WrongSecret,

    /// <summary>It ends too early.</summary>
    Truncated,

    /// <summary>A part of it was changed, left out, moved or added.</summary>
    Damaged,
}
