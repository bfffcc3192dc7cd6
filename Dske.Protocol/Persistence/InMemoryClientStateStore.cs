using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Persistence;

/// <summary>A client's state in memory, gone with the process. Safe for concurrent use.</summary>
/// <param name="entropy">Where the instance is drawn from.</param>
public sealed class InMemoryClientStateStore(IEntropySource entropy) : IClientStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, LinkRecord> _links = [];
    private readonly Dictionary<(Guid Key, SaeId Slave), TombstoneRecord> _tombstones = [];

    /// <inheritdoc />
    public Guid Instance { get; } = entropy.NextUuid();

    /// <inheritdoc />
    public LinkRecord? LoadLink(NodeName hub)
    {
        lock (_lock)
        {
            return _links.GetValueOrDefault(hub);
        }
    }

    /// <inheritdoc />
    public void SaveLink(LinkRecord link)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (_lock)
        {
            _links[link.Hub] = link;
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<TombstoneRecord> LoadTombstones()
    {
        lock (_lock)
        {
            return [.. _tombstones.Values];
        }
    }

    /// <inheritdoc />
    public Task SaveTombstonesAsync(IReadOnlyList<TombstoneRecord> tombstones)
    {
        ArgumentNullException.ThrowIfNull(tombstones);
        lock (_lock)
        {
            foreach (var tombstone in tombstones)
            {
                _tombstones[(tombstone.KeyId, tombstone.Slave)] = tombstone;
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void RemoveTombstones(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (key, tombstone) in _tombstones)
            {
                if (tombstone.Until <= now)
                {
                    _tombstones.Remove(key);
                }
            }
        }
    }
}
