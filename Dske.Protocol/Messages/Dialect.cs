namespace Dske.Protocol.Messages;

/// <summary>
/// The two ways in which DSKE v1 is spoken in the world. They differ in the separator of the <c>DSKE-Signature</c> header, two names
/// and the answer to a stored share; the separator decides which one a message is in, and mixed messages are refused.
/// </summary>
public enum Dialect
{
    /// <summary>As the protocol guide is published: <c>;</c>, <c>start_byte</c>, <c>owner</c>, an empty answer to POST key-share.</summary>
    Guide,

    /// <summary>As the reference implementation runs: <c>%</c>, <c>start</c>, <c>pool_owner</c>, the answer <c>null</c> to POST key-share.</summary>
    Reference,
}
