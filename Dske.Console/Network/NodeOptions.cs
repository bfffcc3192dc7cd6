namespace Dske.Console.Network;

/// <summary>A node to look at, section <c>Dske:Console:Nodes:{index}</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>Its name, unique among the nodes. Required.</summary>
    public string? Name { get; set; }

    /// <summary>What it is. Required.</summary>
    public NodeKind? Kind { get; set; }

    /// <summary>Where it listens: an <c>http</c> or <c>https</c> URL that a browser can open as well. Required.</summary>
    public Uri? Url { get; set; }

    /// <summary>An encryptor's SAE ID. Default: its name.</summary>
    public string? SaeId { get; set; }

    /// <summary>The client that an encryptor takes its keys from. Required for encryptors.</summary>
    public string? Client { get; set; }
}
