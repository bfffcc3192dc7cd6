namespace Dske.Console.Faults;

/// <summary>What can be done to a node's process.</summary>
public enum FaultAction
{
    /// <summary>Start it.</summary>
    Start,

    /// <summary>Stop it.</summary>
    Stop,

    /// <summary>Stop it and start it again.</summary>
    Restart,
}
