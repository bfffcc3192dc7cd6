using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>The couriered files that a client has read, or is reading: each once.</summary>
/// <remarks>Safe for concurrent use: one lock guards the list, and is not held while blocks are overwritten. What was being read when the client stopped is taken back at the start.</remarks>
internal sealed class CourierImports
{
    private readonly Lock _lock = new();
    private readonly IPsrdStore _store;
    private readonly IClientStateStore _state;
    private readonly Dictionary<Guid, ImportRecord> _imports;

    public CourierImports(IPsrdStore store, IClientStateStore state)
    {
        (_store, _state) = (store, state);
        _imports = state.LoadImports().ToDictionary(import => import.File);
        foreach (var interrupted in _imports.Values.Where(import => !import.IsComplete).ToList())
        {
            TakeBack(interrupted);
        }
    }

    /// <summary>When a file was read; null when it was not.</summary>
    public DateTimeOffset? FindTime(Guid file)
    {
        lock (_lock)
        {
            return _imports.TryGetValue(file, out var import) && import.IsComplete ? import.ImportedAt : null;
        }
    }

    /// <summary>The UUIDs of all blocks that files brought from a hub, those that are being read included.</summary>
    public IReadOnlySet<Guid> BlocksOf(NodeName hub)
    {
        lock (_lock)
        {
            return _imports.Values.Where(import => import.Hub == hub).SelectMany(import => import.Blocks).Select(block => block.Id).ToHashSet();
        }
    }

    /// <summary>Whether a file brought a block from a hub, or is being read that does.</summary>
    public bool Brings(NodeName hub, Guid block)
    {
        lock (_lock)
        {
            return _imports.Values.Any(import => import.Hub == hub && import.Blocks.Any(brought => brought.Id == block));
        }
    }

    /// <summary>The blocks in storage that files brought from a hub and that are not confirmed yet.</summary>
    public IReadOnlyList<(PoolOwner Owner, IPsrdBlock Block)> Waiting(NodeName hub)
    {
        HashSet<Guid> brought;
        lock (_lock)
        {
            brought = _imports.Values.Where(import => import.Hub == hub && import.IsComplete).SelectMany(import => import.Blocks).Select(block => block.Id).ToHashSet();
        }

        return
        [
            .. new[] { PoolOwner.Client, PoolOwner.Hub }.SelectMany(owner => _store.Open(new PsrdPoolKey(hub, owner))
                .Where(block => !block.IsConfirmed && brought.Contains(block.Id))
                .Select(block => (owner, block))),
        ];
    }

    /// <summary>Takes back what an earlier attempt left of a file, should storage have failed so badly that it could not clean up.</summary>
    public void TakeBackIfInterrupted(Guid file)
    {
        ImportRecord? import;
        lock (_lock)
        {
            _imports.TryGetValue(file, out import);
        }

        if (import is { IsComplete: false })
        {
            TakeBack(import);
        }
    }

    /// <summary>Notes, durably, which blocks are about to be added: whatever happens, they will be found.</summary>
    public void Begin(ImportRecord import)
    {
        lock (_lock)
        {
            _state.SaveImport(import, link: null);
            _imports[import.File] = import;
        }
    }

    /// <summary>Notes, durably, that the file counts from here on.</summary>
    public void Complete(ImportRecord import, LinkRecord? link)
    {
        lock (_lock)
        {
            _state.SaveImport(import with { IsComplete = true }, link);
            _imports[import.File] = import with { IsComplete = true };
        }
    }

    /// <summary>Takes back what was added of a file that does not count.</summary>
    /// <exception cref="IOException">The storage failed; the next start tries again.</exception>
    public void TakeBack(ImportRecord import)
    {
        // Overwriting takes long. Until it is over the names stay reserved; nobody else takes the file back, since one is imported at a time.
        foreach (var block in import.Blocks)
        {
            try
            {
                _store.Withdraw(new PsrdPoolKey(import.Hub, block.Owner), block.Id);
            }
            catch (InvalidOperationException)
            {
                // In use, so that it is not of this file: whatever put a block of this name there, it must not keep the client from starting.
            }
        }

        lock (_lock)
        {
            _state.RemoveImport(import.File);
            _imports.Remove(import.File);
        }
    }
}
