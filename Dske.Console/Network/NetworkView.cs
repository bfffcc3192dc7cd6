namespace Dske.Console.Network;

/// <summary>How the network is shown.</summary>
public enum NetworkView
{
    /// <summary>As a picture.</summary>
    Picture,

    /// <summary>As a table of links.</summary>
    Table,
}
