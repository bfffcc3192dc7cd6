using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Establishment;

/// <summary>
/// The established keys, in memory: the latest <see cref="Capacity"/>. Older ones, and all of them when the node stops, are zeroed.
/// </summary>
/// <remarks>
/// Safe for concurrent use; one lock guards everything. A key ID is in at most one of three states: unknown, reserved by an offer
/// that is being answered, established. An established key is kept here, or was handed to a sink and only its ID is remembered.
/// </remarks>
internal sealed class KeyStore : IKeyTaker, IDisposable
{
    /// <summary>How many keys are kept.</summary>
    public const int Capacity = 1000;

    /// <summary>How many IDs of keys are remembered that went to sinks.</summary>
    public const int SpentCapacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Entry> _entries = [];
    private readonly Queue<Guid> _oldestFirst = new();
    private readonly HashSet<Guid> _reserved = [];
    private readonly HashSet<Guid> _spent = [];
    private readonly Queue<Guid> _spentOldestFirst = new();
    private bool _disposed;

    /// <inheritdoc />
    public string? Sink => null;

    /// <inheritdoc />
    public bool Accepts(int sizeBits) => true;

    /// <summary>Reserves key IDs for an offer: all of them, or none when one is reserved or established already.</summary>
    public bool TryReserve(IReadOnlyCollection<Guid> keyIds)
    {
        lock (_lock)
        {
            if (keyIds.Any(id => _reserved.Contains(id) || IsKnown(id)))
            {
                return false;
            }

            _reserved.UnionWith(keyIds);
            return true;
        }
    }

    /// <summary>Ends a reservation, whatever became of the offer.</summary>
    public void Release(IEnumerable<Guid> keyIds)
    {
        lock (_lock)
        {
            _reserved.ExceptWith(keyIds);
        }
    }

    /// <inheritdoc />
    public bool TryAdd(IReadOnlyCollection<(EstablishedKey Established, SecretBytes Key)> keys)
    {
        lock (_lock)
        {
            if (_disposed || keys.Any(key => IsKnown(key.Established.KeyId)))
            {
                return false;
            }

            foreach (var (established, key) in keys)
            {
                _entries.Add(established.KeyId, new Entry(established, key.Clone()));
                _oldestFirst.Enqueue(established.KeyId);
            }

            while (_entries.Count > Capacity)
            {
                _entries.Remove(_oldestFirst.Dequeue(), out var oldest);
                oldest?.Key.Dispose();
            }

            return true;
        }
    }

    /// <summary>Remembers the ID of a key that goes elsewhere, so that it is never taken again: the latest <see cref="SpentCapacity"/> of them.</summary>
    /// <returns>False when the ID is known already, or the store is closed.</returns>
    public bool TrySpend(Guid keyId)
    {
        lock (_lock)
        {
            if (_disposed || IsKnown(keyId))
            {
                return false;
            }

            _spent.Add(keyId);
            _spentOldestFirst.Enqueue(keyId);
            if (_spent.Count > SpentCapacity)
            {
                _spent.Remove(_spentOldestFirst.Dequeue());
            }

            return true;
        }
    }

    /// <summary>Copies one key out, for the caller to own and dispose.</summary>
    public bool TryGet(Guid keyId, [NotNullWhen(true)] out EstablishedKey? established, [NotNullWhen(true)] out SecretBytes? key)
    {
        lock (_lock)
        {
            var found = _entries.TryGetValue(keyId, out var entry);
            established = entry?.Established;
            key = entry?.Key.Clone();
            return found;
        }
    }

    /// <summary>What is known of all keys, the latest first.</summary>
    public IReadOnlyList<EstablishedKey> List()
    {
        lock (_lock)
        {
            return [.. _oldestFirst.Reverse().Select(id => _entries[id].Established)];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var entry in _entries.Values)
            {
                entry.Key.Dispose();
            }

            _entries.Clear();
            _oldestFirst.Clear();
        }
    }

    // Under the lock.
    private bool IsKnown(Guid keyId) => _entries.ContainsKey(keyId) || _spent.Contains(keyId);

    private sealed record Entry(EstablishedKey Established, SecretBytes Key);
}
