namespace Dske.Benchmarks.Nodes;

/// <summary>A process whose processor time and memory are measured.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Type">What it counts to: <c>hub</c>, <c>client</c>, <c>encryptor</c>, <c>console</c>, or what the user calls it.</param>
/// <param name="Id">The process ID.</param>
internal sealed record NodeProcess(string Name, string Type, int Id);
