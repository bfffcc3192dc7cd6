namespace Dske.Console.Faults;

/// <summary>Whether nodes may be stopped and started from the pages. Bound to the section <c>Dske:Console</c>.</summary>
public sealed class FaultOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Console";

    /// <summary>Whether they may be, as far as whoever runs the network is concerned. Default: false.</summary>
    public bool AllowFaults { get; set; }

    /// <summary>The file in which the AppHost says where it takes commands, and the token for them. Default: none, and nothing can be stopped.</summary>
    public string? ControlFile { get; set; }
}
