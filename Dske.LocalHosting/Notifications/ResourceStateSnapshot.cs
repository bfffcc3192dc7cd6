namespace Dske.LocalHosting;

/// <summary>A state of a resource.</summary>
/// <param name="Text">The state; see <see cref="KnownResourceStates"/>.</param>
public sealed record ResourceStateSnapshot(string Text)
{
    /// <summary>Wraps a state.</summary>
    /// <param name="text">The state, or null.</param>
    /// <returns>The state, or null.</returns>
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text);
}
