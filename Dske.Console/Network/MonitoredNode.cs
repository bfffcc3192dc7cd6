namespace Dske.Console.Network;

/// <summary>A node that the console asks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Url">Where it listens, without a path.</param>
/// <param name="SaeId">An encryptor's SAE ID; null for others.</param>
/// <param name="Client">An encryptor's client; null for others.</param>
public sealed record MonitoredNode(string Name, NodeKind Kind, Uri Url, string? SaeId = null, string? Client = null)
{
    /// <summary>Where it says whether it is ready.</summary>
    public Uri HealthUrl => new(Url, NodeHealthPath);

    /// <summary>Where its API is described.</summary>
    public Uri PageUrl => new(Url, "/scalar");

    /// <summary>Where it reports its pools and peers; null for an encryptor, which has none.</summary>
    public Uri? StatusUrl => Kind switch
    {
        NodeKind.Hub => new Uri(Url, $"/hub/{Name}/mgmt/v1/status"),
        NodeKind.Client => new Uri(Url, $"/client/{Name}/mgmt/v1/status"),
        _ => null,
    };

    /// <summary>Where an encryptor lists its secure links; null for others.</summary>
    public Uri? LinksUrl => UrlOf("links");

    /// <summary>Where an encryptor lists its key sinks; null for others.</summary>
    public Uri? SinksUrl => UrlOf("sinks");

    private Uri? UrlOf(string list) => Kind == NodeKind.Encryptor ? new Uri(Url, $"/encryptor/{Uri.EscapeDataString(SaeId ?? Name)}/api/v1/{list}") : null;

    private static string NodeHealthPath => ServiceDefaults.Health.NodeHealth.ReadyPath;
}
