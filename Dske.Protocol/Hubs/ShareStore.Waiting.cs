namespace Dske.Protocol.Hubs;

/// <summary>How requests wait for shares that are still on their way.</summary>
internal sealed partial class ShareStore
{
    private readonly Dictionary<Guid, AwaitedKey> _awaited = [];
    private int _held;

    /// <summary>The first of some keys of which there is no share; null when there is one of each.</summary>
    public Guid? FindMissing(IReadOnlyList<Guid> keyIds)
    {
        lock (_lock)
        {
            for (var i = 0; i < keyIds.Count; i++)
            {
                if (!_shares.ContainsKey(keyIds[i]))
                {
                    return keyIds[i];
                }
            }

            return null;
        }
    }

    /// <summary>Waits until a share of this key is posted, or the hold time is over, or too many requests wait already.</summary>
    public async ValueTask WaitForAsync(Guid keyId, CancellationToken cancellationToken)
    {
        AwaitedKey? awaited;
        lock (_lock)
        {
            if (_held >= _limits.MaxHeldRequests || _shares.ContainsKey(keyId))
            {
                return;
            }

            if (!_awaited.TryGetValue(keyId, out awaited))
            {
                _awaited[keyId] = awaited = new AwaitedKey();
            }

            awaited.Waiting++;
            _held++;
        }

        try
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(awaited.Posted.Task, Task.Delay(_limits.HoldTime, _time, timer.Token)).ConfigureAwait(false);
            await timer.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _held--;

                // The last one to give up takes the entry along, so that unknown keys leave nothing behind.
                if (--awaited.Waiting == 0 && _awaited.GetValueOrDefault(keyId) == awaited)
                {
                    _awaited.Remove(keyId);
                }
            }
        }
    }

    /// <summary>A share of this key is here. Whoever waits for it goes on on a thread of their own, once the lock is free.</summary>
    private void EndWaiting(Guid keyId)
    {
        if (_awaited.Remove(keyId, out var awaited))
        {
            awaited.Posted.TrySetResult();
        }
    }

    private sealed class AwaitedKey
    {
        public TaskCompletionSource Posted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }
}
