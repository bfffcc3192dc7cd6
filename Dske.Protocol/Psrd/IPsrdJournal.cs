namespace Dske.Protocol.Psrd;

/// <summary>
/// Is told of every byte of PSRD that a node uses: which, never what. Tests and auditors prove with it that none is used twice.
/// </summary>
/// <remarks>Called under the lock of the pool, before the bytes leave it: implementations are quick and safe for concurrent use.</remarks>
public interface IPsrdJournal
{
    /// <summary>This end has allocated bytes.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="allocation">The bytes.</param>
    void Allocated(PsrdPoolKey pool, Allocation allocation);

    /// <summary>This end has taken bytes that the other end allocated.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="allocation">The bytes.</param>
    void Taken(PsrdPoolKey pool, Allocation allocation);
}
