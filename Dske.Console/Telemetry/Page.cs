namespace Dske.Console.Telemetry;

/// <summary>One page of what was found.</summary>
/// <typeparam name="T">What was looked for.</typeparam>
/// <param name="Items">The items of this page.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total);
