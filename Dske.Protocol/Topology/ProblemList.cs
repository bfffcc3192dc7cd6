using Dske.Protocol.Topology.Yaml;

namespace Dske.Protocol.Topology;

/// <summary>Collects the problems of one file. Not safe for concurrent use.</summary>
internal sealed class ProblemList(string fileName)
{
    private readonly List<TopologyProblem> _problems = [];

    /// <summary>How many were reported so far.</summary>
    public int Count => _problems.Count;

    /// <summary>Reports a problem at a place in the file.</summary>
    public void Add(YamlMark mark, string message) => _problems.Add(new TopologyProblem(fileName, mark.Line, mark.Column, message));

    /// <summary>Reports a problem of the file as a whole.</summary>
    public void Add(string message) => Add(default, message);

    /// <summary>Everything reported, by line and column; at one place in the order of reporting.</summary>
    public IReadOnlyList<TopologyProblem> InFileOrder() =>
        [.. _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];
}
