namespace Dske.Protocol.SecureLinks;

/// <summary>The messages by which two encryptors agree on an epoch. The values are those on the wire.</summary>
public enum LinkMessageType
{
    /// <summary>Initiator to responder: names the keys of a new epoch (<see cref="LinkHello"/>).</summary>
    Hello = 1,

    /// <summary>Responder to initiator: it holds the keys.</summary>
    Accept = 2,

    /// <summary>Initiator to responder: it has seen that the responder holds them. Repeated as a sign of life.</summary>
    Ready = 3,

    /// <summary>Initiator to responder: the link ends.</summary>
    Close = 4,
}
