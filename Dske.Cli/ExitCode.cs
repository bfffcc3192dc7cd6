namespace Dske.Cli;

/// <summary>What the command tells a script by its exit code. The numbers stay as they are: scripts rely on them.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>It was tried and did not work: somebody refused, or a file could not be written.</summary>
    Failed = 1,

    /// <summary>What was typed or what a file says is no good: an unknown option, node or SAE, a size with a wrong unit, a malformed file. Nothing was done.</summary>
    BadInput = 2,

    /// <summary>Nobody answers where a node or the network should be.</summary>
    Unreachable = 3,

    /// <summary>What is there does not allow it: a network runs already, or none does, or a port is taken.</summary>
    WrongState = 4,

    /// <summary>It took longer than was allowed.</summary>
    TimedOut = 5,

    /// <summary>Both ends were compared and are not the same.</summary>
    Different = 6,

    /// <summary>The network or a node is not healthy, for commands that look.</summary>
    Unhealthy = 7,

    /// <summary>Ended by Ctrl+C or a signal.</summary>
    Cancelled = 130,
}
