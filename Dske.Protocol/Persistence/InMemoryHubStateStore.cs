using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Persistence;

/// <summary>A hub's state in memory, gone with the process. Safe for concurrent use.</summary>
public sealed class InMemoryHubStateStore : IHubStateStore, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, RegistrationRecord> _registrations = [];
    private readonly Dictionary<(NodeName PostedBy, Guid KeyId), ShareRecord> _shares = [];
    private readonly Dictionary<Guid, ExportRecord> _exports = [];
    private bool _isDisposed;

    /// <summary>Makes an empty state with an instance of its own.</summary>
    /// <param name="entropy">Where the instance's UUID is drawn from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="entropy"/> is null.</exception>
    public InMemoryHubStateStore(IEntropySource entropy) => Instance = entropy.NextUuid();

    /// <inheritdoc />
    public Guid Instance { get; }

    /// <inheritdoc />
    public IReadOnlyList<RegistrationRecord> LoadRegistrations()
    {
        using (_lock.EnterScope())
        {
            return [.. _registrations.Values];
        }
    }

    /// <inheritdoc />
    public void SaveRegistration(RegistrationRecord registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        using (_lock.EnterScope())
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _registrations[registration.Client] = registration with { Encryptors = [.. registration.Encryptors] };
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<ExportRecord> LoadExports()
    {
        using (_lock.EnterScope())
        {
            return [.. _exports.Values.OrderBy(export => export.MadeAt)];
        }
    }

    /// <inheritdoc />
    public void SaveExport(ExportRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        using (_lock.EnterScope())
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _exports[record.File] = record;
        }
    }

    /// <inheritdoc />
    public void RemoveExport(Guid file)
    {
        using (_lock.EnterScope())
        {
            _exports.Remove(file);
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<ShareRecord> LoadShares()
    {
        using (_lock.EnterScope())
        {
            return [.. _shares.Values.Select(share => share with { Value = share.Value.Clone() })];
        }
    }

    /// <inheritdoc />
    public Task SaveSharesAsync(IReadOnlyList<ShareRecord> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        using (_lock.EnterScope())
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            foreach (var share in shares)
            {
                Forget(share);
                _shares[(share.PostedBy, share.KeyId)] = share with { Value = share.Value.Clone() };
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc />
    public void UpdateShare(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        using (_lock.EnterScope())
        {
            if (_shares.TryGetValue((share.PostedBy, share.KeyId), out var held))
            {
                _shares[(share.PostedBy, share.KeyId)] = held with { ExpiresAt = share.ExpiresAt, Recipients = share.Recipients };
            }
        }
    }

    /// <inheritdoc />
    public void RemoveShare(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        using (_lock.EnterScope())
        {
            Forget(share);
        }
    }

    /// <summary>Zeroes all shares.</summary>
    public void Dispose()
    {
        using (_lock.EnterScope())
        {
            _isDisposed = true;
            foreach (var share in _shares.Values)
            {
                share.Value.Dispose();
            }

            _shares.Clear();
        }
    }

    private void Forget(ShareRecord share)
    {
        if (_shares.Remove((share.PostedBy, share.KeyId), out var held))
        {
            held.Value.Dispose();
        }
    }
}
