using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;

namespace Dske.Tests.Model.Sabotage;

/// <summary>A client's state that forgets, over a restart, which keys were delivered.</summary>
internal sealed class ForgetfulClientState(IClientStateStore inner) : IClientStateStore
{
    public Guid Instance => inner.Instance;

    public LinkRecord? LoadLink(NodeName hub) => inner.LoadLink(hub);

    public void SaveLink(LinkRecord link) => inner.SaveLink(link);

    public IReadOnlyList<ImportRecord> LoadImports() => inner.LoadImports();

    public void SaveImport(ImportRecord record, LinkRecord? link) => inner.SaveImport(record, link);

    public void RemoveImport(Guid file) => inner.RemoveImport(file);

    public IReadOnlyList<TombstoneRecord> LoadTombstones() => [];

    public Task SaveTombstonesAsync(IReadOnlyList<TombstoneRecord> tombstones) => inner.SaveTombstonesAsync(tombstones);

    public void RemoveTombstones(DateTimeOffset now) => inner.RemoveTombstones(now);
}
