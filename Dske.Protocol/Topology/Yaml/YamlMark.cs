namespace Dske.Protocol.Topology.Yaml;

/// <summary>A place in a file: line and column from 1; both 0 for the file as a whole.</summary>
internal readonly record struct YamlMark(int Line, int Column);
