namespace Dske.LocalHosting;

/// <summary>A value that is known once the application starts.</summary>
public interface IValueProvider
{
    /// <summary>Gives the value.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value, or null when there is none.</returns>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}
