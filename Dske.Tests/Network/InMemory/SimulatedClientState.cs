using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Network.InMemory;

/// <summary>A client's state on a machine that may lose power: what is to be durable takes one step.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SimulatedClientState(Guid instance, Power power) : IClientStateStore, ISimulatedState
{
    private const string Path = "/simulated/state.db";

    private Dictionary<NodeName, LinkRecord> _links = [];
    private Dictionary<Guid, ImportRecord> _imports = [];
    private Dictionary<(Guid KeyId, SaeId Slave), TombstoneRecord> _tombstones = [];

    public Guid Instance => instance;

    public LinkRecord? LoadLink(NodeName hub) => Read(() => _links.GetValueOrDefault(hub));

    public void SaveLink(LinkRecord link) => power.Step(Path, () => _links[link.Hub] = link);

    public IReadOnlyList<ImportRecord> LoadImports() => Read(() => _imports.Values.ToList());

    public void SaveImport(ImportRecord record, LinkRecord? link) => power.Step(Path, () =>
    {
        _imports[record.File] = record;
        if (link is not null)
        {
            _links[link.Hub] = link;
        }
    });

    public void RemoveImport(Guid file) => power.Step(Path, () => _imports.Remove(file));

    public IReadOnlyList<TombstoneRecord> LoadTombstones() => Read(() => _tombstones.Values.ToList());

    public Task SaveTombstonesAsync(IReadOnlyList<TombstoneRecord> tombstones)
    {
        power.Step(Path, () =>
        {
            foreach (var tombstone in tombstones)
            {
                _tombstones[(tombstone.KeyId, tombstone.Slave)] = tombstone;
            }
        });
        return Task.CompletedTask;
    }

    public void RemoveTombstones(DateTimeOffset now) => power.Step(Path, () =>
    {
        foreach (var (name, _) in _tombstones.Where(entry => entry.Value.Until <= now).ToList())
        {
            _tombstones.Remove(name);
        }
    });

    public void Flush()
    {
        // Everything was durable when its step was done.
    }

    public void LosePower()
    {
        // As above.
    }

    public ISimulatedState Copy(Power ofCopy, Random randomOfCopy) => new SimulatedClientState(instance, ofCopy)
    {
        _links = new(_links),
        _imports = new(_imports),
        _tombstones = new(_tombstones),
    };

    private T Read<T>(Func<T> read)
    {
        using (power.Gate.EnterScope())
        {
            power.EnsureOn();
            return read();
        }
    }
}
