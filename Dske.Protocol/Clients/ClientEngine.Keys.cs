using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Clients;

/// <summary>How a client makes keys and fetches those that others made.</summary>
public sealed partial class ClientEngine
{
    // Several keys travel in one message, but none that is larger than it has to be: hubs and pools take in what is short between others.
    private const int MessageBytes = 512 * 1024;

    // Messages overtake each other, and neither end takes what lies too far ahead.
    private const int MessagesAtATime = (int)PeerPool.MaxJump / 2 / MessageBytes;

    /// <summary>Makes keys for one of this client's encryptors.</summary>
    /// <param name="master">The encryptor that asks.</param>
    /// <param name="slave">The encryptor that may fetch the keys at its own client.</param>
    /// <param name="number">How many keys; at least 1.</param>
    /// <param name="size">The size of each, in bytes: <see cref="KeySizes.MinBytes"/> to <see cref="KeySizes.MaxBytes"/>.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>The keys, which the caller disposes, or why there are none.</returns>
    /// <exception cref="ArgumentException"><paramref name="master"/> is no encryptor of this client.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> or <paramref name="size"/> is out of range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public Task<KeyResult> EstablishAsync(SaeId master, SaeId slave, int number, int size, CancellationToken cancellationToken)
        => EstablishAsync(master, [slave], number, size, cancellationToken);

    /// <summary>Makes keys for one of this client's encryptors, which several others may fetch, each of them once.</summary>
    /// <param name="master">The encryptor that asks.</param>
    /// <param name="slaves">
    /// The encryptors that may fetch the keys at their own clients; at least one, each once. At most <see cref="MaxAdditionalSlaves"/> besides the
    /// first are of use: hubs of other implementations relay keys for a single one.
    /// </param>
    /// <param name="number">How many keys; at least 1.</param>
    /// <param name="size">The size of each, in bytes: <see cref="KeySizes.MinBytes"/> to <see cref="KeySizes.MaxBytes"/>.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>The keys, which the caller disposes, or why there are none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slaves"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="master"/> is no encryptor of this client, or <paramref name="slaves"/> is empty, too long, or names one twice.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> or <paramref name="size"/> is out of range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyResult> EstablishAsync(
        SaeId master, IReadOnlyList<SaeId> slaves, int number, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slaves);
        ThrowIfNotOurs(master, nameof(master));
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, KeySizes.MinBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, KeySizes.MaxBytes);
        if (slaves.Count is 0 or > 1 + SharePostQuery.MaxAlso || slaves.Distinct().Count() != slaves.Count)
        {
            throw new ArgumentException($"Name 1 to {1 + SharePostQuery.MaxAlso} encryptors, and each once.", nameof(slaves));
        }

        var began = _time.GetTimestamp();
        var batches = new KeyBatches(number, Math.Clamp(MessageBytes / size, 1, KeySharesQuery.MaxKeys));
        var outcome = KeyOutcome.Unavailable;
        try
        {
            outcome = await batches.RunAsync(
                MessagesAtATime,
                async (count, token) =>
                {
                    try
                    {
                        return await MakeAsync(master, slaves, count, size, (long)number * size, token).ConfigureAwait(false);
                    }
                    catch (EntropyException)
                    {
                        // Keys are drawn and split whole before the first share leaves: nothing has been done.
                        return new MadeKeys(KeyOutcome.EntropyUnavailable, []);
                    }
                },
                cancellationToken).ConfigureAwait(false);
            return new KeyResult(outcome, outcome == KeyOutcome.Ok ? new KeyContainer(batches.TakeKeys()) : null);
        }
        finally
        {
            _metrics.CountKeys("master", number, cancellationToken.IsCancellationRequested ? "cancelled" : Describe(outcome), _time.GetElapsedTime(began));
        }
    }

    /// <summary>
    /// Fetches keys that were made for one of this client's encryptors: all or none. Each encryptor gets a key once; when one of several
    /// cannot be had, the others can still be asked for.
    /// </summary>
    /// <param name="keyIds">The keys; at least one, each once.</param>
    /// <param name="master">The encryptor that made them.</param>
    /// <param name="slave">The encryptor that asks.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <param name="approve">
    /// Is asked when all keys are there, before they count as delivered: false keeps them back, to be asked for again. Null for no such question. The
    /// keys stay this client's.
    /// </param>
    /// <returns>The keys in the order asked for, which the caller disposes, or why there are none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keyIds"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="slave"/> is no encryptor of this client, or <paramref name="keyIds"/> is empty or names a key twice.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyResult> FetchAsync(
        IReadOnlyList<Guid> keyIds, SaeId master, SaeId slave, CancellationToken cancellationToken, Func<IReadOnlyList<DeliveredKey>, Task<bool>>? approve = null)
    {
        ArgumentNullException.ThrowIfNull(keyIds);
        ThrowIfNotOurs(slave, nameof(slave));
        if (keyIds.Count == 0 || keyIds.Distinct().Count() != keyIds.Count)
        {
            throw new ArgumentException("Name at least one key, and each once.", nameof(keyIds));
        }

        var began = _time.GetTimestamp();
        var fetch = new KeyFetch(keyIds, master, slave);
        var outcome = KeyOutcome.Unavailable;
        try
        {
            outcome = await CollectAsync(fetch, cancellationToken).ConfigureAwait(false);
            if (outcome == KeyOutcome.Ok)
            {
                outcome = KeyOutcome.Unavailable;
                outcome = await DeliverAsync(fetch, approve, cancellationToken).ConfigureAwait(false);
            }

            return new KeyResult(outcome, outcome == KeyOutcome.Ok ? new KeyContainer(fetch.Keys!) : null);
        }
        finally
        {
            if (outcome != KeyOutcome.Ok)
            {
                Keep(fetch);
            }

            _metrics.CountKeys("slave", keyIds.Count, cancellationToken.IsCancellationRequested ? "cancelled" : Describe(outcome), _time.GetElapsedTime(began));
        }
    }

    /// <summary>Rebuilds keys, message by message. Those that are there stay in <paramref name="fetch"/>, whatever becomes of others.</summary>
    private async Task<KeyOutcome> CollectAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var open = new List<int>();
        var wasDelivered = false;
        for (var i = 0; i < fetch.KeyIds.Count; i++)
        {
            if (_responder.WasDelivered(fetch.KeyIds[i], fetch.Slave))
            {
                wasDelivered = true;
            }
            else if (_rebuilt.Take(fetch.KeyIds[i], fetch.Master, fetch.Slave) is var (key, until))
            {
                (fetch.Keys[i], fetch.Until[i]) = (key, until);
            }
            else
            {
                open.Add(i);
            }
        }

        while (open.Count > 0)
        {
            var asked = open.GetRange(0, Math.Min(open.Count, KeySharesQuery.MaxKeys));
            var collected = await CollectAsync([.. asked.Select(i => fetch.KeyIds[i])], fetch.Master, fetch.Slave, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < asked.Count; i++)
            {
                fetch.Keys[asked[i]] = collected[i].Key;
            }

            // Whether a key is not theirs matters more than whether another one exists, and that more than whether hubs answer today.
            var failed = collected.Where(key => key.Outcome != KeyOutcome.Ok && !key.IsLeftOff).Select(key => key.Outcome).ToList();
            if (failed.Count > 0 || collected.All(key => key.Key is null))
            {
                return failed.Contains(KeyOutcome.NotYours) ? KeyOutcome.NotYours
                    : wasDelivered || failed.Contains(KeyOutcome.NotFound) ? KeyOutcome.NotFound
                    : KeyOutcome.Unavailable;
            }

            if (fetch.Keys.Sum(key => (long?)key?.Key.Length) > KeySizes.MaxBytesPerRequest)
            {
                return KeyOutcome.TooLarge;
            }

            open.RemoveAll(i => fetch.Keys[i] is not null);
        }

        return wasDelivered ? KeyOutcome.NotFound : KeyOutcome.Ok;
    }

    private async Task<KeyOutcome> DeliverAsync(
        KeyFetch fetch, Func<IReadOnlyList<DeliveredKey>, Task<bool>>? approve, CancellationToken cancellationToken)
    {
        try
        {
            // Whoever is gone by now can ask again; from here on the keys are spent.
            cancellationToken.ThrowIfCancellationRequested();
            if (approve is not null && !await approve(fetch.Keys!).WaitAsync(_settings.Limits.EstablishTimeout, _time, CancellationToken.None).ConfigureAwait(false))
            {
                return KeyOutcome.Withheld;
            }

            return await _responder.TryDeliverAsync(fetch.Keys!, fetch.Slave).AsTask()
                .WaitAsync(_settings.Limits.EstablishTimeout, _time, CancellationToken.None).ConfigureAwait(false) ? KeyOutcome.Ok : KeyOutcome.NotFound;
        }
        catch (Exception fault) when (fault is IOException or TimeoutException)
        {
            // What is not known to be delivered for good must not be delivered: another try may fare better.
            _metrics.ReportFault(hub: null, fault);
            return KeyOutcome.Unavailable;
        }
    }

    /// <summary>Keeps what was rebuilt in vain: the encryptor may ask for it again.</summary>
    private void Keep(KeyFetch fetch)
    {
        for (var i = 0; i < fetch.Keys.Length; i++)
        {
            if (fetch.Keys[i] is not { } key)
            {
                continue;
            }

            if (_responder.WasDelivered(key.KeyId, fetch.Slave))
            {
                key.Dispose();
            }
            else
            {
                _rebuilt.Keep(key, fetch.Master, fetch.Slave, fetch.Until[i]);
            }
        }
    }

    private static string Describe(KeyOutcome outcome) => outcome switch
    {
        KeyOutcome.Ok => "ok",
        KeyOutcome.SlaveSaeUnknown => "slave-sae-unknown",
        KeyOutcome.NotFound => "not-found",
        KeyOutcome.NotYours => "not-yours",
        KeyOutcome.TooLarge => "too-large",
        KeyOutcome.Withheld => "withheld",
        KeyOutcome.EntropyUnavailable => "entropy-unavailable",
        _ => "unavailable",
    };

    /// <summary>A request for keys, and what there is of them: each key, and until when it may be kept if it was before.</summary>
    private sealed class KeyFetch(IReadOnlyList<Guid> keyIds, SaeId master, SaeId slave)
    {
        public IReadOnlyList<Guid> KeyIds => keyIds;

        public SaeId Master => master;

        public SaeId Slave => slave;

        public DeliveredKey?[] Keys { get; } = new DeliveredKey?[keyIds.Count];

        public DateTimeOffset?[] Until { get; } = new DateTimeOffset?[keyIds.Count];
    }
}
