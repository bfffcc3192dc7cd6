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

    /// <summary>
    /// The file with the enrolment token that the hub's operator gave out for this client; nobody but the file's owner may look into it.
    /// Read at start. Default: none, for a hub that asks for none.
    /// </summary>
    public string? TokenFile { get; set; }

    /// <summary>
    /// Whether the client registers with the hub, and fetches from it, by itself. False where everything out of band comes by courier: the hub is one of
    /// ours then. Default: true.
    /// </summary>
    public bool? OutOfBand { get; set; }

    /// <summary>Reads <see cref="Dialect"/>: one of the two names, in any case.</summary>
    /// <returns>False for anything else, numbers included.</returns>
    public bool TryGetDialect(out Protocol.Messages.Dialect dialect)
    {
        dialect = Protocol.Messages.Dialect.Reference;
        if (Dialect is null)
        {
            return true;
        }

        foreach (var known in Enum.GetValues<Protocol.Messages.Dialect>())
        {
            if (string.Equals(Dialect, known.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                dialect = known;
                return true;
            }
        }

        return false;
    }
}
