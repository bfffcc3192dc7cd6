namespace Dske.Hub.Hosting;

/// <summary>Lets one file for a courier be made at a time: each takes memory for its key, and the disk.</summary>
internal sealed class CourierDesk : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for one's turn.</summary>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>What ends the turn when it is disposed.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
