namespace Dske.LocalHosting;

/// <summary>The commands that every resource has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts the resource; one that runs is started anew.</summary>
    public static readonly string StartCommand = "resource-start";

    /// <summary>Stops the resource: tells the process to end, and kills it after the grace period.</summary>
    public static readonly string StopCommand = "resource-stop";

    /// <summary>Stops the resource and starts it.</summary>
    public static readonly string RestartCommand = "resource-restart";
}
