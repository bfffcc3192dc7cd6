using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Persistence;

/// <summary>A client's state in memory, gone with the process. Safe for concurrent use.</summary>
public sealed class InMemoryClientStateStore : IClientStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, LinkRecord> _links = [];
    private readonly Dictionary<Guid, ImportRecord> _imports = [];
    private readonly Dictionary<(Guid KeyId, SaeId Slave), TombstoneRecord> _tombstones = [];

    /// <summary>Makes an empty state with an instance of its own.</summary>
    /// <param name="entropy">Where the instance's UUID is drawn from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="entropy"/> is null.</exception>
    public InMemoryClientStateStore(IEntropySource entropy) => Instance = entropy.NextUuid();

    /// <inheritdoc />
    public Guid Instance { get; }

    /// <inheritdoc />
    public LinkRecord? LoadLink(NodeName hub)
    {
        using (_lock.EnterScope())
        {
            return _links.GetValueOrDefault(hub);
        }
    }

    /// <inheritdoc />
    public void SaveLink(LinkRecord link)
    {
        ArgumentNullException.ThrowIfNull(link);
        using (_lock.EnterScope())
        {
            _links[link.Hub] = link;
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<ImportRecord> LoadImports()
    {
        using (_lock.EnterScope())
        {
            return [.. _imports.Values];
        }
    }

    /// <inheritdoc />
    public void SaveImport(ImportRecord record, LinkRecord? link)
    {
        ArgumentNullException.ThrowIfNull(record);
        using (_lock.EnterScope())
        {
            _imports[record.File] = record;
            if (link is not null)
            {
                _links[link.Hub] = link;
            }
        }
    }

    /// <inheritdoc />
    public void RemoveImport(Guid file)
    {
        using (_lock.EnterScope())
        {
            _imports.Remove(file);
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<TombstoneRecord> LoadTombstones()
    {
        using (_lock.EnterScope())
        {
            return [.. _tombstones.Values];
        }
    }

    /// <inheritdoc />
    public Task SaveTombstonesAsync(IReadOnlyList<TombstoneRecord> tombstones)
    {
        ArgumentNullException.ThrowIfNull(tombstones);
        using (_lock.EnterScope())
        {
            foreach (var tombstone in tombstones)
            {
                _tombstones[(tombstone.KeyId, tombstone.Slave)] = tombstone;
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc />
    public void RemoveTombstones(DateTimeOffset now)
    {
        using (_lock.EnterScope())
        {
            foreach (var (name, tombstone) in _tombstones)
            {
                if (tombstone.Until <= now)
                {
                    _tombstones.Remove(name);
                }
            }
        }
    }
}
