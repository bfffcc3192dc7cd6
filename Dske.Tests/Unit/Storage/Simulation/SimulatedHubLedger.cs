using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Storage.States;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>A hub's database whose commits are durable or lost, never half done.</summary>
internal sealed class SimulatedHubLedger(Power power) : IHubLedger
{
    private readonly Dictionary<NodeName, RegistrationRecord> _registrations = [];
    private readonly Dictionary<Guid, ExportRecord> _exports = [];

    public IReadOnlyList<RegistrationRecord> LoadRegistrations()
    {
        power.EnsureOn();
        return [.. _registrations.Values];
    }

    public IReadOnlyList<ExportRecord> LoadExports()
    {
        power.EnsureOn();
        return [.. _exports.Values.OrderBy(export => export.MadeAt)];
    }

    public void Save(ExportRecord export) => power.Step("/simulated/state.db", () => _exports[export.File] = export);

    public void RemoveExport(Guid file) => power.Step("/simulated/state.db", () => _exports.Remove(file));

    public void Save(RegistrationRecord registration) => power.Step("/simulated/state.db", () => _registrations[registration.Client] = registration);
}
