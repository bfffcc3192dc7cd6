namespace Dske.Protocol.SecureLinks;

/// <summary>An end of a secure link. Keys have a direction, so that nothing an end sent passes for what it should receive.</summary>
public enum LinkRole
{
    /// <summary>The end that gets fresh keys from its KME and names them to the other: the master SAE.</summary>
    Initiator,

    /// <summary>The end that gets the keys by their IDs: the slave SAE.</summary>
    Responder,
}
