using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage.Databases;
using Dske.Storage.Files;
using Dske.Storage.Records;

namespace Dske.Storage.States;

/// <summary>
/// A client's state on disk. What it knows of its hubs lies beside the books of the PSRD, since the two belong together; tombstones come and
/// go with every key, as records. Safe for concurrent use.
/// </summary>
internal sealed class ClientState : IClientStateStore, IDisposable
{
    /// <summary>The file of the tombstones.</summary>
    public const string FileName = "tombstones";

    private const int UuidSize = 16;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<int, DateTimeOffset> _slots = new();
    private readonly SqliteLinkLedger _links;
    private readonly RecordStore _tombstones;

    /// <summary>Opens the state.</summary>
    /// <param name="files">The node's directory, with the file of the tombstones.</param>
    /// <param name="psrd">The database with the books of the PSRD; stays the caller's.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="time">Times what waits for company, and retries after storage failed.</param>
    /// <exception cref="StorageException">Storage failed, or files do not belong together.</exception>
    public ClientState(IStorageFiles files, Database psrd, Guid instance, TimeProvider time)
    {
        _links = new SqliteLinkLedger(psrd);
        Instance = instance;
        _tombstones = new RecordStore(files, FileName, instance, (slot, state, _) => _slots.Enqueue(slot, state.Until), time);
    }

    /// <inheritdoc />
    public Guid Instance { get; }

    /// <inheritdoc />
    public LinkRecord? LoadLink(NodeName hub) => _links.LoadLink(hub);

    /// <inheritdoc />
    public void SaveLink(LinkRecord link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _links.Save(link);
    }

    /// <inheritdoc />
    public IReadOnlyList<ImportRecord> LoadImports() => _links.LoadImports();

    /// <inheritdoc />
    public void SaveImport(ImportRecord record, LinkRecord? link)
    {
        ArgumentNullException.ThrowIfNull(record);
        _links.Save(record, link);
    }

    /// <inheritdoc />
    public void RemoveImport(Guid file) => _links.RemoveImport(file);

    /// <inheritdoc />
    public IReadOnlyList<TombstoneRecord> LoadTombstones()
    {
        // What was added before is written first.
        _tombstones.Settle();
        int[] slots;
        using (_lock.EnterScope())
        {
            slots = [.. _slots.UnorderedItems.Select(item => item.Element)];
        }

        return
        [
            .. slots.Select(Load).OfType<TombstoneRecord>().GroupBy(tombstone => (tombstone.KeyId, tombstone.Slave))
                .Select(same => same.MaxBy(tombstone => tombstone.Until)!),
        ];
    }

    /// <inheritdoc />
    public async Task SaveTombstonesAsync(IReadOnlyList<TombstoneRecord> tombstones)
    {
        ArgumentNullException.ThrowIfNull(tombstones);
        if (tombstones.Count == 0)
        {
            return;
        }

        var (slots, saved) = _tombstones.SaveAsync([.. tombstones.Select(tombstone => (new RecordState(tombstone.Until, Delivered: 1), Write(tombstone)))]);
        using (_lock.EnterScope())
        {
            _slots.EnqueueRange(slots.Zip(tombstones, (slot, tombstone) => (slot, tombstone.Until)));
        }

        try
        {
            await saved.ConfigureAwait(false);
        }
        catch
        {
            // Some may have become durable all the same: no key was handed over, and another try is to find none of them.
            Remove(slots);
            throw;
        }
    }

    /// <inheritdoc />
    public void RemoveTombstones(DateTimeOffset now)
    {
        using (_lock.EnterScope())
        {
            while (_slots.TryPeek(out var slot, out var until) && until <= now)
            {
                _slots.Dequeue();
                _tombstones.Remove(slot);
            }
        }
    }

    /// <summary>Writes what waits.</summary>
    public void Dispose() => _tombstones.Dispose();

    private static SecretBytes Write(TombstoneRecord tombstone)
    {
        var content = new SecretBytes(UuidSize + Encoding.UTF8.GetByteCount(tombstone.Slave.Value));
        tombstone.KeyId.TryWriteBytes(content.Span, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(tombstone.Slave.Value, content.Span[UuidSize..]);
        return content;
    }

    private void Remove(IReadOnlyList<int> slots)
    {
        using (_lock.EnterScope())
        {
            foreach (var slot in slots.Where(slot => _slots.Remove(slot, out _, out _)))
            {
                try
                {
                    _tombstones.Remove(slot);
                }
                catch (ObjectDisposedException)
                {
                    // What is there after the next start goes when its time is over.
                }
            }
        }
    }

    private TombstoneRecord? Load(int slot)
    {
        using var content = _tombstones.Read(slot, out var state);
        return content is null ? null : new TombstoneRecord(
            new Guid(content.Span[..UuidSize], bigEndian: true), SaeId.Parse(Encoding.UTF8.GetString(content.Span[UuidSize..])), state.Until);
    }
}
