namespace Dske.Protocol.KeyConfirmation;

/// <summary>Whose proof it is. The two have different labels, so that a proof sent back proves nothing.</summary>
public enum ConfirmationRole
{
    /// <summary>The encryptor that got the key from its KME first and names it to the other: the master SAE.</summary>
    Initiator,

    /// <summary>The encryptor that gets the key by its ID: a slave SAE.</summary>
    Responder,
}
