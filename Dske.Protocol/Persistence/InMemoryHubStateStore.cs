using Dske.Protocol.Secrets;

namespace Dske.Protocol.Persistence;

/// <summary>A hub's state in memory, gone with the process. Safe for concurrent use.</summary>
/// <param name="entropy">Where the instance is drawn from.</param>
public sealed class InMemoryHubStateStore(IEntropySource entropy) : IHubStateStore, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Identifiers.NodeName, RegistrationRecord> _registrations = [];
    private readonly Dictionary<(Identifiers.NodeName Client, Guid Key), ShareRecord> _shares = [];

    /// <inheritdoc />
    public Guid Instance { get; } = entropy.NextUuid();

    /// <inheritdoc />
    public IReadOnlyList<RegistrationRecord> LoadRegistrations()
    {
        lock (_lock)
        {
            return [.. _registrations.Values];
        }
    }

    /// <inheritdoc />
    public void SaveRegistration(RegistrationRecord registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        lock (_lock)
        {
            _registrations[registration.Client] = registration;
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<ShareRecord> LoadShares()
    {
        lock (_lock)
        {
            return [.. _shares.Values.Select(share => share with { Value = share.Value.Clone() })];
        }
    }

    /// <inheritdoc />
    public Task SaveShareAsync(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        lock (_lock)
        {
            Remove(share);
            _shares[(share.PostedBy, share.KeyId)] = share with { Value = share.Value.Clone() };
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void UpdateShare(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        lock (_lock)
        {
            if (_shares.TryGetValue((share.PostedBy, share.KeyId), out var kept))
            {
                _shares[(share.PostedBy, share.KeyId)] = kept with { ExpiresAt = share.ExpiresAt, Delivered = share.Delivered };
            }
        }
    }

    /// <inheritdoc />
    public void RemoveShare(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        lock (_lock)
        {
            Remove(share);
        }
    }

    /// <summary>Erases all shares.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var share in _shares.Values)
            {
                share.Value.Dispose();
            }

            _shares.Clear();
        }
    }

    private void Remove(ShareRecord share)
    {
        if (_shares.Remove((share.PostedBy, share.KeyId), out var kept))
        {
            kept.Value.Dispose();
        }
    }
}
