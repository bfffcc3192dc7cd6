namespace Dske.ServiceDefaults.Access;

/// <summary>Who may call a node's local and state-changing routes. Bound to the configuration section <c>Dske:Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Access";

    /// <summary>
    /// The host names by which callers address this node, besides <c>localhost</c> and the loopback addresses: the <c>Host</c>
    /// header without the port, compared without regard to case. Default: none.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Whether a front (a reverse proxy, a TLS terminator) stands before this node and admits only those who may use the local routes:
    /// then neither the addresses nor forwarding headers are looked at. Default: false.
    /// </summary>
    public bool TrustFront { get; set; }

    /// <summary>
    /// The file with the operator's token, for routes that end the node and the like: one line of 32 to 256 visible ASCII characters, readable
    /// for its owner alone. Callers on another machine show it over TLS as <c>Authorization: Bearer TOKEN</c>; those on this machine need none.
    /// Default: none, and such routes answer this machine alone.
    /// </summary>
    public string? OperatorTokenFile { get; set; }
}
