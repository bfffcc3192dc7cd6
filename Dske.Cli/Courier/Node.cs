namespace Dske.Cli.Courier;

/// <summary>A node that is asked.</summary>
/// <param name="Kind">hub or client.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where it listens, without a path.</param>
internal sealed record Node(string Kind, string Name, string Url)
{
    /// <summary>The address of one of its management routes.</summary>
    /// <param name="route">The route, below <c>mgmt/v1/psrd/</c>.</param>
    public Uri At(string route) => new($"{Url.TrimEnd('/')}/{Kind}/{Name}/mgmt/v1/psrd/{route}");
}
