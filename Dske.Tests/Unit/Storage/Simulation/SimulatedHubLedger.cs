using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Storage.States;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>A hub's database whose commits are durable or lost, never half done.</summary>
internal sealed class SimulatedHubLedger(Power power) : IHubLedger
{
    private readonly Dictionary<NodeName, RegistrationRecord> _registrations = [];

    public IReadOnlyList<RegistrationRecord> LoadRegistrations()
    {
        power.EnsureOn();
        return [.. _registrations.Values];
    }

    public void Save(RegistrationRecord registration) => power.Step("/simulated/state.db", () => _registrations[registration.Client] = registration);
}
