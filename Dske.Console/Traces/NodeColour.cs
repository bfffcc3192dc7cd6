namespace Dske.Console.Traces;

/// <summary>A colour for each node, the same on every page and after every start.</summary>
public static class NodeColour
{
    // Told apart in light and dark, and beside each other; names and places say the same, so that nobody depends on them.
    private static readonly string[] Colours =
        ["#2f7ed8", "#c2570c", "#0f9d76", "#8a5fd0", "#c9a400", "#d0457b", "#3aa0b8", "#7a8b1f", "#a0522d", "#5a6fd6", "#1b8f3a", "#b03ab0"];

    /// <summary>The colour of a node, as CSS writes it.</summary>
    /// <param name="node">The node's name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="node"/> is null.</exception>
    public static string Of(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var hash = 2166136261u;
        foreach (var character in node)
        {
            hash = (hash ^ character) * 16777619;
        }

        return Colours[hash % (uint)Colours.Length];
    }
}
