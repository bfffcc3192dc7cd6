namespace Dske.LocalHosting;

/// <summary>More about a command.</summary>
public class CommandOptions
{
    /// <summary>What the command does.</summary>
    public string? Description { get; set; }
}
