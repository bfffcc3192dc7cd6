namespace Dske.Console.Network;

/// <summary>How a node is, as far as the console can tell.</summary>
public enum NodeHealth
{
    /// <summary>It has not answered yet, or is run by someone else and not asked.</summary>
    Unknown,

    /// <summary>It says that it is ready.</summary>
    Ready,

    /// <summary>It answers and says that it is not ready.</summary>
    NotReady,

    /// <summary>It does not answer.</summary>
    Down,
}
