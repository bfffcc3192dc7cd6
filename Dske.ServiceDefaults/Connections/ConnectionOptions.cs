namespace Dske.ServiceDefaults.Connections;

/// <summary>How many connections a node holds: each costs memory, however slow its sender is. Bound to the section <c>Dske:Connections</c>.</summary>
public sealed class ConnectionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Connections";

    /// <summary>The most connections at a time, 1 to 1,000,000; what comes on top is closed at once. Default 4,096.</summary>
    public int Max { get; set; } = 4096;

    /// <summary>
    /// The most of them from one address (IPv6: from one network of 64 bits), 1 to 1,000,000, so that nobody takes them all. Behind a front all come
    /// from the front's. Default 1,024.
    /// </summary>
    public int MaxPerAddress { get; set; } = 1024;

    internal static IEnumerable<string> FindProblems(ConnectionOptions options)
    {
        if (options.Max is < 1 or > 1_000_000)
        {
            yield return $"{Section}:{nameof(Max)} has to be 1 to 1000000, not {options.Max}.";
        }

        if (options.MaxPerAddress is < 1 or > 1_000_000)
        {
            yield return $"{Section}:{nameof(MaxPerAddress)} has to be 1 to 1000000, not {options.MaxPerAddress}.";
        }
    }
}
