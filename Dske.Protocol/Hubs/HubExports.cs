using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>
/// The files that a hub made for couriers, from the moment their blocks are made until their clients show that they have them, or somebody
/// abandons them. Their blocks are in storage, unconfirmed.
/// </summary>
/// <remarks>
/// Safe for concurrent use: one lock guards the list, and is never held while blocks are overwritten, which takes long. Files that were being made, or
/// given up, when the hub stopped are erased at the start.
/// </remarks>
internal sealed class HubExports
{
    private readonly Lock _lock = new();

    /// <summary>Held while blocks are removed: each of them once. Before <see cref="_lock"/>.</summary>
    private readonly Lock _erasing = new();
    private readonly IPsrdStore _store;
    private readonly IHubStateStore _state;
    private readonly List<ExportRecord> _exports;

    /// <summary>The files that somebody is making.</summary>
    private readonly HashSet<Guid> _making = [];

    public HubExports(IPsrdStore store, IHubStateStore state)
    {
        (_store, _state) = (store, state);
        _exports = [.. state.LoadExports()];
        foreach (var interrupted in _exports.Where(export => !export.IsComplete).ToList())
        {
            Erase(interrupted);
        }
    }

    /// <summary>All files, in the order in which they were made. Those whose blocks are in use, or gone, are none any more.</summary>
    public IReadOnlyList<ExportRecord> List()
    {
        lock (_lock)
        {
            foreach (var settled in _exports.Where(export => export.IsComplete && Waiting(export).Count == 0).ToList())
            {
                _state.RemoveExport(settled.File);
                _exports.Remove(settled);
            }

            return [.. _exports];
        }
    }

    /// <summary>
    /// A file that waits, or whose blocks could not be erased when it was given up; null when there is none, or it is being made. Does not look at others.
    /// </summary>
    public ExportRecord? Find(Guid file)
    {
        ExportRecord? export;
        lock (_lock)
        {
            export = _exports.Find(entry => entry.File == file && !_making.Contains(file));
        }

        return export is { IsComplete: true } && Waiting(export).Count == 0 ? null : export;
    }

    /// <summary>Whether a block of a file is in use, if not all of them.</summary>
    public bool IsInUse(ExportRecord export) => export.Blocks.Select(block => block.Owner).Distinct().Any(
        owner => _store.Open(new PsrdPoolKey(export.Client, owner)).Any(block => block.IsConfirmed && export.Blocks.Any(named => named.Id == block.Id)));

    /// <summary>The UUIDs of all blocks for a client.</summary>
    public IReadOnlySet<Guid> BlocksFor(NodeName client)
    {
        lock (_lock)
        {
            return _exports.Where(export => export.Client == client).SelectMany(export => export.Blocks).Select(block => block.Id).ToHashSet();
        }
    }

    /// <summary>The blocks of a file that wait, as they lie in storage.</summary>
    public IReadOnlyList<(PoolOwner Owner, IPsrdBlock Block)> Waiting(ExportRecord export) =>
    [
        .. export.Blocks.GroupBy(block => block.Owner).SelectMany(pool =>
        {
            var named = pool.Select(block => block.Id).ToHashSet();
            return _store.Open(new PsrdPoolKey(export.Client, pool.Key))
                .Where(block => !block.IsConfirmed && named.Contains(block.Id))
                .Select(block => (pool.Key, block));
        }),
    ];

    /// <summary>Enters a file whose blocks are about to be made, if there is room for it.</summary>
    /// <param name="export">The file.</param>
    /// <param name="unused">The unused bytes and the blocks in the larger of the client's pools, without those of files.</param>
    /// <param name="limits">What clients are granted.</param>
    /// <returns>Why not; then nothing changed.</returns>
    public DskeError? TryBegin(ExportRecord export, (long Bytes, int Blocks) unused, HubLimits limits)
    {
        lock (_lock)
        {
            var carried = List().Where(other => other.Client == export.Client).Append(export).SelectMany(file => file.Blocks).ToLookup(block => block.Owner);
            var bytes = unused.Bytes + carried.Max(pool => pool.Sum(block => block.Size));

            // Half of the blocks that a sync can name: the rest is for those that a client fetches.
            if (bytes > limits.MaxCourierBytes || unused.Blocks + carried.Max(pool => pool.Count()) > limits.MaxBlocksPerPool / 2)
            {
                return DskeError.PsrdLimitReached;
            }

            _state.SaveExport(export);
            _exports.Add(export);
            _making.Add(export.File);
            return null;
        }
    }

    /// <summary>Notes, durably, that a file is whole: from here on its client may have it.</summary>
    public void Complete(ExportRecord export)
    {
        lock (_lock)
        {
            var complete = export with { IsComplete = true };
            _state.SaveExport(complete);
            _exports[_exports.FindIndex(entry => entry.File == export.File)] = complete;
            _making.Remove(export.File);
        }
    }

    /// <summary>Notes, durably, that nobody waits for a file any more: its blocks are to be erased.</summary>
    /// <exception cref="IOException">The storage failed; nothing changed for a file that waits.</exception>
    public void GiveUp(ExportRecord export)
    {
        lock (_lock)
        {
            _making.Remove(export.File);
            var index = _exports.FindIndex(entry => entry.File == export.File);
            if (index >= 0 && _exports[index].IsComplete)
            {
                var left = export with { IsComplete = false };
                _state.SaveExport(left);
                _exports[index] = left;
            }
        }
    }

    /// <summary>Erases what could not be erased when it was given up.</summary>
    /// <exception cref="IOException">The storage failed; to be repeated.</exception>
    public void EraseLeft()
    {
        List<ExportRecord> left;
        lock (_lock)
        {
            left = _exports.FindAll(export => !export.IsComplete && !_making.Contains(export.File));
        }

        left.ForEach(Erase);
    }

    /// <summary>Erases, now, what is left of blocks that were removed: of files that were given up, and whatever else.</summary>
    /// <exception cref="IOException">The storage failed; the next one that erases tries again.</exception>
    public void EraseRemoved() => _store.EraseRemoved(CancellationToken.None);

    /// <summary>
    /// Gives up the blocks of a file that wait, for good, and forgets it. No pool is to have them on its lists any more. What is large is erased later
    /// (<see cref="IPsrdStore.EraseRemoved"/>).
    /// </summary>
    /// <exception cref="IOException">The storage failed; to be repeated.</exception>
    public void Erase(ExportRecord export)
    {
        GiveUp(export);
        lock (_erasing)
        {
            foreach (var (owner, block) in Waiting(export))
            {
                _store.Remove(new PsrdPoolKey(export.Client, owner), block.Id);
            }

            lock (_lock)
            {
                _state.RemoveExport(export.File);
                _exports.RemoveAll(entry => entry.File == export.File);
            }
        }
    }
}
