namespace Dske.Console.Network;

/// <summary>Whether a change is for the better.</summary>
public enum EventTone
{
    /// <summary>For the better.</summary>
    Good,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>For the worse.</summary>
    Bad,
}
