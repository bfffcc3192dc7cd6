using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Persistence;

/// <summary>What a client keeps besides PSRD: its instance, what it knows of its hubs, and which keys it has delivered.</summary>
/// <remarks>
/// Safe for concurrent use. Times are kept to the millisecond. Storage that fails throws an <see cref="IOException"/>, or ends the task with
/// one, that says which file, and what to do; nothing was saved then. Null arguments throw an <see cref="ArgumentNullException"/>.
/// </remarks>
public interface IClientStateStore
{
    /// <summary>The UUID kept with this state: made with it, lost with it.</summary>
    Guid Instance { get; }

    /// <summary>What is known of a hub; null when the client never registered with it.</summary>
    /// <param name="hub">The hub.</param>
    LinkRecord? LoadLink(NodeName hub);

    /// <summary>Saves what is known of a hub. Durable when it returns.</summary>
    /// <param name="link">What is known.</param>
    void SaveLink(LinkRecord link);

    /// <summary>The couriered files of all hubs that were read, or were being read.</summary>
    IReadOnlyList<ImportRecord> LoadImports();

    /// <summary>Saves one, replacing that of the same file, and with it what is known of a hub, both or neither. Durable when it returns.</summary>
    /// <param name="record">The file.</param>
    /// <param name="link">What is known of its hub from then on; null when that stays as it is.</param>
    void SaveImport(ImportRecord record, LinkRecord? link);

    /// <summary>Forgets a file. Durable when it returns; one that is not there is ignored.</summary>
    /// <param name="file">The file.</param>
    void RemoveImport(Guid file);

    /// <summary>The keys that were delivered and may still lie at hubs.</summary>
    IReadOnlyList<TombstoneRecord> LoadTombstones();

    /// <summary>Saves tombstones. Durable when the task ends; several savings at a time share one durable step.</summary>
    /// <param name="tombstones">The tombstones.</param>
    Task SaveTombstonesAsync(IReadOnlyList<TombstoneRecord> tombstones);

    /// <summary>Forgets tombstones that are over. May take effect a little later.</summary>
    /// <param name="now">The time it is: tombstones until then or earlier are over.</param>
    void RemoveTombstones(DateTimeOffset now);
}
