using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// The pads of a link under the one-time pad, one for each direction. An epoch brings keys for both: the responder's way to send is open once the
/// initiator is known to hold them, too.
/// </summary>
/// <remarks>Safe for concurrent use. Owns the pads and what is held back: dispose to zero them.</remarks>
public sealed class PadSecrets : LinkSecrets
{
    private readonly Lock _lock = new();
    private readonly List<(int Index, SecretBytes Key)> _held = [];
    private long _heldEpoch;
    private long _sendEpoch;
    private long _receiveEpoch;
    private bool _disposed;

    /// <summary>What this end sends with.</summary>
    public SendPad Sending { get; } = new();

    /// <summary>What it receives with.</summary>
    public ReceivePad Receiving { get; } = new();

    /// <inheritdoc />
    public override long SendEpoch => Volatile.Read(ref _sendEpoch);

    /// <summary>
    /// Takes the keys of an epoch, to receive with; those to send with are held back until <see cref="Activate"/>. Keys of an earlier epoch that were
    /// never activated are zeroed: it came to nothing.
    /// </summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="role">Which end this is.</param>
    /// <param name="initiatorKeys">How many of the keys, the first ones, are for what the initiator sends.</param>
    /// <param name="keys">All keys; they stay the caller's, and are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    public void Install(long epoch, LinkRole role, int initiatorKeys, IReadOnlyList<SecretBytes> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        lock (_lock)
        {
            if (_disposed || epoch <= _receiveEpoch)
            {
                return;
            }

            DropHeld();
            for (var i = 0; i < keys.Count; i++)
            {
                if ((i < initiatorKeys) == (role == LinkRole.Initiator))
                {
                    _held.Add((i, keys[i].Clone()));
                }
                else
                {
                    Receiving.Append(epoch, i, keys[i].Clone());
                }
            }

            (_heldEpoch, _receiveEpoch) = (epoch, epoch);
        }
    }

    /// <inheritdoc />
    public override void Install(LinkRole role, LinkHello hello, ReadOnlySpan<byte> unsignedHello, IReadOnlyList<SecretBytes> keys)
    {
        ArgumentNullException.ThrowIfNull(hello);
        Install(hello.Epoch, role, hello.InitiatorKeys, keys);
    }

    /// <inheritdoc />
    public override void Activate(long epoch)
    {
        lock (_lock)
        {
            if (_disposed || epoch != _heldEpoch)
            {
                return;
            }

            foreach (var (index, key) in _held)
            {
                Sending.Append(epoch, index, key);
            }

            _held.Clear();
            _heldEpoch = 0;
            Volatile.Write(ref _sendEpoch, epoch);
        }
    }

    /// <inheritdoc />
    public override bool TryCreate(
        StreamNonces nonces, long epoch, [NotNullWhen(true)] out RecordSealer? sealer, [NotNullWhen(true)] out RecordOpener? opener)
    {
        (sealer, opener) = (null, null);
        if (epoch <= 0 || epoch > Volatile.Read(ref _receiveEpoch))
        {
            return false;
        }

        (sealer, opener) = (new PadSealer(Sending, nonces), new PadOpener(Receiving, nonces));
        return true;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        lock (_lock)
        {
            _disposed = true;
            Volatile.Write(ref _sendEpoch, 0);
            foreach (var (_, key) in _held)
            {
                key.Dispose();
            }

            _held.Clear();
            Sending.Dispose();
            Receiving.Dispose();
        }
    }

    // With the lock held.
    private void DropHeld()
    {
        if (_heldEpoch != 0)
        {
            Receiving.Remove(_heldEpoch);
        }

        foreach (var (_, key) in _held)
        {
            key.Dispose();
        }

        _held.Clear();
    }
}
