namespace Dske.Storage;

/// <summary>Where a node keeps its state: section <c>Dske:Storage</c>. One of <see cref="Directory"/> and <see cref="InMemory"/> is to be set.</summary>
public sealed class StorageOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Dske:Storage";

    /// <summary>The node's data directory, which is its alone; it is made when it is not there. No default.</summary>
    public string? Directory { get; set; }

    /// <summary>
    /// Whether everything is kept in memory and gone with the process: for tests and for nodes that may begin with nothing. Default false.
    /// </summary>
    public bool InMemory { get; set; }

    /// <summary>
    /// A file to which a line is appended for every use of PSRD: which bytes, never what they were. For audits. Default: none.
    /// </summary>
    public string? JournalFile { get; set; }

    /// <summary>What is wrong with the settings; each problem names its configuration key and what to do.</summary>
    public IEnumerable<string> FindProblems()
    {
        if (InMemory == !string.IsNullOrEmpty(Directory))
        {
            yield return InMemory
                ? $"{Section}:Directory and {Section}:InMemory exclude each other: take one of them away."
                : $"Set {Section}:Directory to the node's data directory, or {Section}:InMemory to true for a node that forgets everything when it stops.";
        }
    }
}
