using Dske.Protocol.KeyDelivery;

namespace Dske.Protocol.Clients;

/// <summary>Makes many keys some at a time: all or nothing, whatever goes wrong.</summary>
/// <remarks>Not safe for concurrent use; used once.</remarks>
internal sealed class KeyBatches
{
    private readonly int[] _sizes;
    private readonly IReadOnlyList<DeliveredKey>[] _keys;
    private int _failure;

    /// <summary>Divides keys into batches that are as equal as can be.</summary>
    /// <param name="number">How many keys; at least 1.</param>
    /// <param name="most">The most of a batch; at least 1.</param>
    public KeyBatches(int number, int most)
    {
        var batches = (number + most - 1) / most;
        _sizes = [.. Enumerable.Range(0, batches).Select(i => (number / batches) + (i < number % batches ? 1 : 0))];
        _keys = [.. _sizes.Select(_ => Array.Empty<DeliveredKey>())];
    }

    /// <summary>Makes all keys, or none.</summary>
    /// <param name="atATime">How many batches at a time.</param>
    /// <param name="make">Makes as many as it is told, or says why not.</param>
    /// <param name="cancellationToken">Nobody wants them any more.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyOutcome> RunAsync(
        int atATime, Func<int, CancellationToken, Task<MadeKeys>> make, CancellationToken cancellationToken)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var isComplete = false;
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = abandon.Token };
            await Parallel.ForEachAsync(
                Enumerable.Range(0, _sizes.Length),
                options,
                async (i, token) =>
                {
                    (var outcome, _keys[i]) = await make(_sizes[i], token).ConfigureAwait(false);
                    if (outcome != KeyOutcome.Ok)
                    {
                        // The first one is the reason; others fail because of it.
                        Interlocked.CompareExchange(ref _failure, (int)outcome, (int)KeyOutcome.Ok);
                        await abandon.CancelAsync().ConfigureAwait(false);
                    }
                }).ConfigureAwait(false);
            isComplete = _failure == (int)KeyOutcome.Ok;
        }
        catch (OperationCanceledException) when (_failure != (int)KeyOutcome.Ok)
        {
            // One batch failed, and with it all of them.
        }
        finally
        {
            if (!isComplete)
            {
                foreach (var key in _keys.SelectMany(batch => batch))
                {
                    key.Dispose();
                }
            }
        }

        return (KeyOutcome)_failure;
    }

    /// <summary>The keys, after they were made; the caller's from now on.</summary>
    public IReadOnlyList<DeliveredKey> TakeKeys() => [.. _keys.SelectMany(batch => batch)];
}
