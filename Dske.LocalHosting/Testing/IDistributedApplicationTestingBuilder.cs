namespace Dske.LocalHosting.Testing;

/// <summary>
/// The builder of an AppHost that a test runs, just before the AppHost builds the application: the test may still change it.
/// </summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable
{
    /// <summary>Lets the AppHost build the application; it goes on to start it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application. Dispose of it to stop everything.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
