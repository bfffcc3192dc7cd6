using System.Globalization;

namespace Dske.Protocol.Topology;

/// <summary>Something in a topology file that must be mended before a network can start.</summary>
/// <param name="File">The file, as it was named to the reader.</param>
/// <param name="Line">The line, from 1; 0 when the problem is the file as a whole.</param>
/// <param name="Column">The column, from 1; 0 when the problem is the file as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record TopologyProblem(string File, int Line, int Column, string Message)
{
    /// <summary>The problem in the form that editors and terminals turn into a link: <c>topology.yaml(12,5): …</c>.</summary>
    public override string ToString() => Line == 0
        ? $"{File}: {Message}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}({Line},{Column}): {Message}");
}
