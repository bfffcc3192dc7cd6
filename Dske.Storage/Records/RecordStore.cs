using Dske.Protocol.Secrets;
using Dske.Storage.Files;

namespace Dske.Storage.Records;

/// <summary>A file of records with the one writer that it needs.</summary>
/// <remarks>Safe for concurrent use. A slot is removed once.</remarks>
internal sealed class RecordStore : IDisposable
{
    private readonly RecordFile _file;
    private readonly WriteQueue<RecordChange> _queue;

    /// <summary>Opens a file (<see cref="RecordFile.Open"/>).</summary>
    /// <param name="files">The node's directory.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="owner">The instance that it has to belong to.</param>
    /// <param name="found">Is given every record that is there.</param>
    /// <param name="time">Times what waits for company, and retries after storage failed.</param>
    /// <exception cref="StorageException">The file is missing, damaged, cut off or somebody else's, or storage failed.</exception>
    public RecordStore(IStorageFiles files, string name, Guid owner, RecordFile.Found found, TimeProvider time)
    {
        _file = RecordFile.Open(files, name, owner, found);
        _queue = new WriteQueue<RecordChange>(Write, time);
    }

    /// <summary>The full path, for messages.</summary>
    public string Path => _file.Path;

    /// <summary>Saves records: durable, all of them, when the task ends well; when it does not, some of them may be.</summary>
    /// <param name="records">The records; their contents are this store's from here on.</param>
    /// <returns>Where they lie, and when they are durable. If that fails, whoever saved them removes them.</returns>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public (IReadOnlyList<int> Slots, Task Saved) SaveAsync(params IReadOnlyList<(RecordState State, SecretBytes Content)> records)
    {
        var slots = records.Select(record => _file.Take(record.Content.Length)).ToArray();
        try
        {
            return (slots, _queue.AddAsync([.. records.Select((record, i) => new RecordChange.Put(slots[i], record.State, record.Content))]));
        }
        catch (ObjectDisposedException)
        {
            foreach (var (_, content) in records)
            {
                content.Dispose();
            }

            throw;
        }
    }

    /// <summary>Changes a record's state, soon.</summary>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public void Update(int slot, RecordState state) => _queue.Add(new RecordChange.Update(slot, state));

    /// <summary>Erases a record, soon. The slot may be somebody else's afterwards.</summary>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public void Remove(int slot) => _queue.Add(new RecordChange.Erase(slot));

    /// <summary>Reads a record.</summary>
    /// <returns>Its content, which the caller disposes; null when there is none.</returns>
    public SecretBytes? Read(int slot, out RecordState state) => _file.Read(slot, out state);

    /// <summary>Does all that was asked for before.</summary>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    /// <exception cref="StorageException">Storage failed.</exception>
    public void Settle() => _queue.Settle();

    /// <summary>Does what waits and closes the file.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        _file.Dispose();
    }

    private void Write(IReadOnlyList<RecordChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var change in changes)
            {
                Apply(change);
            }

            _file.Flush();
        }
        catch
        {
            _file.Forget();
            throw;
        }
        finally
        {
            // Somebody waits for every new record: it is never tried a second time.
            foreach (var change in changes.OfType<RecordChange.Put>())
            {
                change.Content.Dispose();
            }
        }

        foreach (var change in changes.OfType<RecordChange.Erase>())
        {
            _file.Release(change.Slot);
        }
    }

    private void Apply(RecordChange change)
    {
        switch (change)
        {
            case RecordChange.Put put:
                _file.Put(put.Slot, put.State, put.Content.Span);
                break;
            case RecordChange.Update update:
                _file.Update(update.Slot, update.State);
                break;
            case RecordChange.Erase:
                _file.Erase(change.Slot);
                break;
        }
    }
}
