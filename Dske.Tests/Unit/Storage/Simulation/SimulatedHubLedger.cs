using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Storage.States;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>A hub's database whose commits are durable or lost, never half done.</summary>
internal sealed class SimulatedHubLedger(Power power) : IHubLedger
{
    private readonly Lock _lock = new();
    private Dictionary<int, ShareRow> _shares = [];
    private Dictionary<NodeName, RegistrationRecord> _registrations = [];

    /// <summary>How many commits there were.</summary>
    public int Commits { get; private set; }

    /// <summary>Everything that is stored of shares.</summary>
    public IReadOnlyList<ShareRow> Rows
    {
        get
        {
            using (_lock.EnterScope())
            {
                return [.. _shares.Values];
            }
        }
    }

    public IReadOnlyList<RegistrationRecord> LoadRegistrations()
    {
        power.EnsureOn();
        return [.. _registrations.Values];
    }

    public IReadOnlyList<ShareRow> LoadShares()
    {
        power.EnsureOn();
        return Rows;
    }

    public void Commit(IReadOnlyList<HubChange> changes) => power.Step("/simulated/state.db", () =>
    {
        using (_lock.EnterScope())
        {
            Commits++;
            Dictionary<int, ShareRow> shares = new(_shares);
            Dictionary<NodeName, RegistrationRecord> registrations = new(_registrations);
            foreach (var change in changes)
            {
                switch (change)
                {
                    case HubChange.Register { Registration: var registration }:
                        registrations[registration.Client] = registration;
                        break;
                    case HubChange.Insert { Share: var share }:
                        Assert.DoesNotContain(shares.Values, other => (other.PostedBy, other.KeyId) == (share.PostedBy, share.KeyId));
                        shares.Add(share.Slot, share);
                        break;
                    case HubChange.Update update when shares.TryGetValue(update.Slot, out var held):
                        shares[update.Slot] = held with { ExpiresAt = update.ExpiresAt, Delivered = update.Delivered };
                        break;
                    case HubChange.Delete delete:
                        shares.Remove(delete.Slot);
                        break;
                }
            }

            (_shares, _registrations) = (shares, registrations);
        }
    });
}
