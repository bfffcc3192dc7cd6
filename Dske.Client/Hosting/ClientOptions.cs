using Dske.Client.Audit;
using Dske.Protocol.Clients;

namespace Dske.Client.Hosting;

/// <summary>The settings of a client (KME), section <c>Dske:Client</c>.</summary>
internal sealed class ClientOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Dske:Client";

    /// <summary>This client's name: a DNS label. It is its KME ID. No default.</summary>
    public string? Name { get; set; }

    /// <summary>The SAE IDs of the encryptors attached to it; may be empty. The client's own name is always an SAE ID of its own.</summary>
    public IList<string> Encryptors { get; set; } = [];

    /// <summary>The hubs of the network, in order: the place of a hub is the index of its share. 2 to 16. No default.</summary>
    public IList<HubAddressOptions> Hubs { get; set; } = [];

    /// <summary>How many shares rebuild a key: 2 to the number of hubs. No default.</summary>
    public int Threshold { get; set; }

    /// <summary>How much PSRD to keep with each hub.</summary>
    public PsrdOptions Psrd { get; set; } = new();

    /// <summary>Which keys encryptors may ask for.</summary>
    public KeyOptions Keys { get; set; } = new();

    /// <summary>Whether and how SKIP is served.</summary>
    public SkipOptions Skip { get; set; } = new();

    /// <summary>Which encryptors other clients have, where hubs cannot be asked. Default: nothing, the hubs are asked.</summary>
    public IList<DirectoryOptions> Directory { get; set; } = [];

    /// <summary>How the audit trail is kept.</summary>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>How long to wait for hubs, and how much to ask of each. Defaults as <see cref="ClientLimits"/> states them.</summary>
    public ClientLimits Limits { get; set; } = new();
}
