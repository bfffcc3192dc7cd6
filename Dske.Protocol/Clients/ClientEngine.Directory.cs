using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <content>Where other encryptors are, and keys for several of them.</content>
public sealed partial class ClientEngine
{
    /// <summary>How many encryptors besides the first one may get the same key: 0 where hubs cannot deliver to several.</summary>
    public int MaxAdditionalSlaves => _links.Length > 0 ? 15 : 0;

    /// <summary>Makes keys that several encryptors may fetch, each once.</summary>
    /// <param name="master">The encryptor that asks.</param>
    /// <param name="slaves">The encryptors that may fetch the keys at their own clients: 1 to 1 + <see cref="MaxAdditionalSlaves"/>, each once.</param>
    /// <param name="number">How many keys; at least 1.</param>
    /// <param name="size">The size of each, in bytes: <see cref="KeySizes.MinBytes"/> to <see cref="KeySizes.MaxBytes"/>.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>The keys, which the caller disposes, or why there are none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slaves"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="master"/> is no encryptor of this client, or <paramref name="slaves"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> or <paramref name="size"/> is out of range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public Task<KeyResult> EstablishAsync(SaeId master, IReadOnlyList<SaeId> slaves, int number, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slaves);
        return slaves.Count switch
        {
            0 => throw new ArgumentException("Name at least one encryptor.", nameof(slaves)),
            1 => EstablishAsync(master, slaves[0], number, size, cancellationToken),
            _ => Task.FromResult(new KeyResult(KeyOutcome.Unavailable, null)),
        };
    }

    /// <summary>Finds the client of an encryptor.</summary>
    /// <param name="sae">The encryptor.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public ValueTask<SaeOwner> FindOwnerAsync(SaeId sae, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Owns(sae) ? new SaeOwner(SaeOwnerKind.Known, Name) : new SaeOwner(SaeOwnerKind.Undecided, null));
    }
}
