namespace Dske.Protocol.Clients;

/// <summary>
/// Bounds the PSRD that messages under way to one hub name. They may overtake each other, and the hub refuses what lies too far ahead
/// of what it has seen.
/// </summary>
/// <remarks>Safe for concurrent use: one lock. First come, first served, so that a large message is not put off for ever.</remarks>
internal sealed class InFlightBudget
{
    private readonly long _size;
    private readonly Lock _lock = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Entered)> _waiting = new();
    private long _free;

    /// <summary>Allows so many bytes at a time.</summary>
    public InFlightBudget(long size) => (_size, _free) = (size, size);

    /// <summary>Waits until so many bytes fit in. Whoever has entered leaves again with the same number.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired; nothing was taken.</exception>
    public async Task EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        LinkedListNode<(long Bytes, TaskCompletionSource Entered)> place;
        lock (_lock)
        {
            if (_waiting.Count == 0 && Share(bytes) <= _free)
            {
                _free -= Share(bytes);
                return;
            }

            place = _waiting.AddLast((bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await place.Value.Entered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (place.Value.Entered.Task.IsCompleted)
                {
                    _free += Share(bytes);
                }
                else
                {
                    _waiting.Remove(place);
                }

                LetIn();
            }

            throw;
        }
    }

    /// <summary>Makes room for others.</summary>
    public void Leave(long bytes)
    {
        lock (_lock)
        {
            _free += Share(bytes);
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_waiting.First is { } first && Share(first.Value.Bytes) <= _free)
        {
            _free -= Share(first.Value.Bytes);
            _waiting.RemoveFirst();
            first.Value.Entered.SetResult();
        }
    }

    /// <summary>A message that is larger than all there is goes alone.</summary>
    private long Share(long bytes) => Math.Min(bytes, _size);
}
