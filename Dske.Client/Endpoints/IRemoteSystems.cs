using Dske.Protocol.Identifiers;

namespace Dske.Client.Endpoints;

/// <summary>The other key providers that this one can share keys with over SKIP: what <c>/capabilities</c> lists, and what a query may name.</summary>
/// <remarks>Implementations are safe for concurrent use.</remarks>
internal interface IRemoteSystems
{
    /// <summary>The system IDs, or patterns of them (<see cref="Protocol.Skip.SystemIdPattern"/>); at least one.</summary>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Whether a query may name a system. Whether there is such a system is the network's knowledge.</summary>
    /// <param name="remote">The system, another one than this.</param>
    bool Include(NodeName remote);
}
