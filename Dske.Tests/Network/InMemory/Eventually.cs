namespace Dske.Tests.Network.InMemory;

/// <summary>Waits for what other threads are about to do, without sleeping: it only steps aside for them.</summary>
internal static class Eventually
{
    // Not what anything takes, but when to stop hoping: a condition that never comes true is to fail its test, not to hang it.
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(2);

    /// <summary>Steps aside until a condition holds.</summary>
    /// <param name="condition">The condition; cheap, and free of side effects.</param>
    /// <param name="what">What is waited for, for the message of a failure.</param>
    /// <exception cref="TimeoutException">It never came true.</exception>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (TimeProvider.System.GetElapsedTime(began) > GivenUpAfter)
            {
                throw new TimeoutException($"Never came true: {what}.");
            }

            await Task.Yield();
        }
    }
}
