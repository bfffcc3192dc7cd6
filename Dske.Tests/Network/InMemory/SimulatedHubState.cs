using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// A hub's state on a machine that may lose power: what is to be durable takes one step, what may take effect later does so with the next step,
/// or was half done when the power went.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SimulatedHubState(Guid instance, Power power, Random random) : IHubStateStore, ISimulatedState
{
    private const string Path = "/simulated/state.db";

    private readonly List<Action> _later = [];
    private Dictionary<NodeName, RegistrationRecord> _registrations = [];
    private Dictionary<Guid, ExportRecord> _exports = [];
    private Dictionary<(NodeName PostedBy, Guid KeyId), (ShareRecord Record, byte[] Value)> _shares = [];

    public Guid Instance => instance;

    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => Read(() => _registrations.Values.ToList());

    public void SaveRegistration(RegistrationRecord registration) => Step(() => _registrations[registration.Client] = registration);

    public IReadOnlyList<ExportRecord> LoadExports() => Read(() => _exports.Values.OrderBy(export => export.MadeAt).ToList());

    public void SaveExport(ExportRecord record) => Step(() => _exports[record.File] = record);

    public void RemoveExport(Guid file) => Step(() => _exports.Remove(file));

    public IReadOnlyList<ShareRecord> LoadShares()
        => Read(() => _shares.Values.Select(share => share.Record with { Value = SecretBytes.CopyOf(share.Value) }).ToList());

    public Task SaveSharesAsync(IReadOnlyList<ShareRecord> shares)
    {
        var held = shares.Select(share => (Record: share with { Value = null! }, Value: share.Value.Span.ToArray())).ToList();
        Step(() => held.ForEach(share => _shares[(share.Record.PostedBy, share.Record.KeyId)] = share));
        return Task.CompletedTask;
    }

    public void UpdateShare(ShareRecord share) => Later(() =>
    {
        if (_shares.TryGetValue((share.PostedBy, share.KeyId), out var held))
        {
            _shares[(share.PostedBy, share.KeyId)] = (held.Record with { ExpiresAt = share.ExpiresAt, Recipients = share.Recipients }, held.Value);
        }
    });

    public void RemoveShare(ShareRecord share) => Later(() => _shares.Remove((share.PostedBy, share.KeyId)));

    public void Flush()
    {
        _later.ForEach(change => change());
        _later.Clear();
    }

    public void LosePower()
    {
        _later.Take(random.Next(_later.Count + 1)).ToList().ForEach(change => change());
        _later.Clear();
    }

    public ISimulatedState Copy(Power ofCopy, Random randomOfCopy) => new SimulatedHubState(instance, ofCopy, randomOfCopy)
    {
        _registrations = new(_registrations),
        _exports = new(_exports),
        _shares = new(_shares),
    };

    private List<T> Read<T>(Func<List<T>> read)
    {
        using (power.Gate.EnterScope())
        {
            power.EnsureOn();
            Flush();
            return read();
        }
    }

    private void Step(Action change) => power.Step(Path, () =>
    {
        Flush();
        change();
    });

    private void Later(Action change)
    {
        using (power.Gate.EnterScope())
        {
            power.EnsureOn();
            _later.Add(change);
        }
    }
}
