namespace Dske.Client.Audit;

/// <summary>How the audit trail is kept, <c>Dske:Client:Audit</c>. It lies in <c>audit/</c> of the node's data directory.</summary>
internal sealed class AuditOptions
{
    /// <summary>
    /// Whether each line is flushed to the disk before its keys leave, and so survives a loss of power. Default false: it survives the end of
    /// the process, however that comes, and costs no wait for the disk.
    /// </summary>
    public bool Flush { get; set; }
}
