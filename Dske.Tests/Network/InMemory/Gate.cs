namespace Dske.Tests.Network.InMemory;

/// <summary>Holds whoever arrives until it is opened.</summary>
/// <remarks>Safe for concurrent use. Opened once and for all.</remarks>
internal sealed class Gate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>How many are held.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Lets everybody through, now and later.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Waits for the opening.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _opened.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Waits until so many are held.</summary>
    public Task UntilWaitingAsync(int count) => Eventually.TrueAsync(() => Waiting >= count, $"{count} wait at the gate");
}
