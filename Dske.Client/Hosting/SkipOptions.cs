namespace Dske.Client.Hosting;

/// <summary>How the client serves SKIP (draft-cisco-skip-02), <c>Dske:Client:Skip</c>. Sizes of keys are those of <see cref="KeyOptions"/>.</summary>
internal sealed class SkipOptions
{
    /// <summary>Whether SKIP is served. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The clients that encryptors may share keys with over SKIP, by name or as patterns with <c>*</c>, <c>?</c>, <c>[list]</c> and
    /// <c>[!list]</c>. Shown as they are by <c>/capabilities</c>. Default: none, which is like <c>*</c>, every client of the network.
    /// </summary>
    public IList<string> RemoteSystems { get; set; } = [];

    /// <summary>
    /// A port on which nothing but SKIP is served: for a front that terminates TLS-PSK, whose callers are to reach nothing else of this node.
    /// 1 to 65,535; the node has to listen on it (<c>Urls</c>), and warns when it does not. Default: none.
    /// </summary>
    public int? FrontPort { get; set; }
}
