namespace Dske.LocalHosting;

/// <summary>A property of a resource.</summary>
/// <param name="Name">The name, for instance <c>executable.pid</c>.</param>
/// <param name="Value">The value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value);
