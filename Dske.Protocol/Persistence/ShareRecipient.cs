using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Persistence;

/// <summary>Somebody who may fetch a share.</summary>
/// <param name="Slave">The encryptor.</param>
/// <param name="Client">The client that owned it when the share was posted: a later claim of that name opens nothing.</param>
/// <param name="Delivered">Whether the share was fetched for it.</param>
public sealed record ShareRecipient(SaeId Slave, NodeName Client, bool Delivered = false)
{
    /// <summary>The most recipients of one share.</summary>
    public const int Max = 16;
}
