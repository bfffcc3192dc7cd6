namespace Dske.Client.Hosting;

/// <summary>A hub of the network, <c>Dske:Client:Hubs:{i}</c>.</summary>
internal sealed class HubAddressOptions
{
    /// <summary>The hub's name: a DNS label. No default.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// Where the hub is. Default: <c>http://{Name}/hub/{Name}</c>, where the host is found by service discovery. A URL without a path
    /// gets <c>/hub/{Name}</c>.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>How the hub speaks if it turns out not to be one of ours: <c>reference</c> (default) or <c>guide</c>.</summary>
    public string? Dialect { get; set; }
}
