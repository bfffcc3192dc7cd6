namespace Dske.Protocol.Clients;

/// <summary>What is known of who has an encryptor.</summary>
public enum SaeOwnerKind
{
    /// <summary>Too few hubs answered, or they do not agree.</summary>
    Undecided,

    /// <summary>A client has it: as many hubs agree as rebuild a key.</summary>
    Known,

    /// <summary>So many hubs say that nobody has it that no key could reach it.</summary>
    Unknown,
}
