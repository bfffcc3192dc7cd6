namespace Dske.Cli.Network;

/// <summary>What is done to a node.</summary>
internal enum NodeVerb
{
    /// <summary>Starts it.</summary>
    Start,

    /// <summary>Stops it.</summary>
    Stop,

    /// <summary>Stops it and starts it again.</summary>
    Restart,
}
