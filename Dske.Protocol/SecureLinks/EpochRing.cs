using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// The epochs of a link under AES-256-GCM: the latest, and those before it for records that are still on their way. When an epoch is retired its
/// secrets are zeroed; a stream that has not come so far keeps only a key of its own for it, until it has.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards the epochs and what streams keep of them.</remarks>
public sealed class EpochRing : LinkSecrets
{
    /// <summary>The most epochs that are kept. One more retires the oldest.</summary>
    public const int Capacity = 8;

    private readonly Lock _lock = new();
    private readonly SortedList<long, EpochKeys> _epochs = [];
    private readonly HashSet<AesGcmOpener> _openers = [];
    private long _sendEpoch;
    private bool _disposed;

    /// <inheritdoc />
    public override long SendEpoch => Volatile.Read(ref _sendEpoch);

    /// <summary>How many epochs have secrets here.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _epochs.Count;
            }
        }
    }

    /// <summary>Takes an epoch, and with it the ownership of its secrets, to receive under it. Nothing is sent under it yet.</summary>
    /// <param name="keys">Its secrets.</param>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    public void Install(EpochKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        lock (_lock)
        {
            if (_disposed || !_epochs.TryAdd(keys.Number, keys))
            {
                keys.Dispose();
                return;
            }

            if (_epochs.Count > Capacity)
            {
                Retire(_epochs.GetKeyAtIndex(0));
            }
        }
    }

    /// <inheritdoc />
    public override void Install(LinkRole role, LinkHello hello, ReadOnlySpan<byte> unsignedHello, IReadOnlyList<SecretBytes> keys)
    {
        ArgumentNullException.ThrowIfNull(hello);
        ArgumentNullException.ThrowIfNull(keys);
        Install(EpochKeys.Derive(role, hello.Epoch, unsignedHello, keys[0].Span));
    }

    /// <inheritdoc />
    public override void Activate(long epoch)
    {
        lock (_lock)
        {
            if (epoch > _sendEpoch && _epochs.ContainsKey(epoch))
            {
                Volatile.Write(ref _sendEpoch, epoch);
            }
        }
    }

    /// <summary>Retires all epochs before <paramref name="epoch"/>.</summary>
    /// <param name="epoch">The first epoch to keep.</param>
    public void RetireBefore(long epoch)
    {
        lock (_lock)
        {
            while (_epochs.Count > 0 && _epochs.GetKeyAtIndex(0) < Math.Min(epoch, _sendEpoch))
            {
                Retire(_epochs.GetKeyAtIndex(0));
            }
        }
    }

    /// <inheritdoc />
    public override bool TryCreate(
        StreamNonces nonces, long epoch, [NotNullWhen(true)] out RecordSealer? sealer, [NotNullWhen(true)] out RecordOpener? opener)
    {
        (sealer, opener) = (null, null);
        lock (_lock)
        {
            if (!_epochs.TryGetValue(epoch, out var keys))
            {
                return false;
            }

            using var sending = keys.DeriveSendKey(nonces);
            using var receiving = keys.DeriveReceiveKey(nonces);
            sealer = new AesGcmSealer(this, nonces, epoch, sending);
            var reading = new AesGcmOpener(this, nonces, epoch, receiving);
            _openers.Add(reading);
            opener = reading;
            return true;
        }
    }

    /// <summary>The key with which a stream sends under the latest epoch; null when there is none any more. The caller disposes it.</summary>
    internal SecretBytes? DeriveSendKey(StreamNonces nonces, out long epoch)
    {
        lock (_lock)
        {
            epoch = _sendEpoch;
            return _epochs.TryGetValue(epoch, out var keys) ? keys.DeriveSendKey(nonces) : null;
        }
    }

    /// <summary>The key with which a stream goes on under a later epoch; null when there is none. The caller disposes it.</summary>
    internal SecretBytes? Advance(AesGcmOpener opener, long epoch)
    {
        lock (_lock)
        {
            if (epoch <= opener.Epoch)
            {
                return null;
            }

            var key = opener.Late.Remove(epoch, out var late)
                ? late
                : _epochs.TryGetValue(epoch, out var keys) ? keys.DeriveReceiveKey(opener.Nonces) : null;
            if (key is not null)
            {
                opener.Epoch = epoch;
                while (opener.Late.Count > 0 && opener.Late.GetKeyAtIndex(0) < epoch)
                {
                    opener.Late.GetValueAtIndex(0).Dispose();
                    opener.Late.RemoveAt(0);
                }
            }

            return key;
        }
    }

    internal void Forget(AesGcmOpener opener)
    {
        lock (_lock)
        {
            _openers.Remove(opener);
            foreach (var key in opener.Late.Values)
            {
                key.Dispose();
            }

            opener.Late.Clear();
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _disposed = true;
            Volatile.Write(ref _sendEpoch, 0);
            foreach (var keys in _epochs.Values)
            {
                keys.Dispose();
            }

            _epochs.Clear();
        }
    }

    // With the lock held.
    private void Retire(long epoch)
    {
        _epochs.Remove(epoch, out var keys);
        foreach (var opener in _openers)
        {
            if (opener.Epoch < epoch && opener.Late.Count < AesGcmOpener.MaxLate)
            {
                opener.Late.Add(epoch, keys!.DeriveReceiveKey(opener.Nonces));
            }
        }

        keys!.Dispose();
    }
}
