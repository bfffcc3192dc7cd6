using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Storage.Journal;

namespace Dske.Storage;

/// <summary>Opens a node's stores as its settings say.</summary>
public static class NodeStores
{
    /// <summary>Opens those of a hub.</summary>
    /// <param name="options">The settings, without problems (<see cref="StorageOptions.FindProblems"/>).</param>
    /// <param name="entropy">Where the instance, and the keys under which shares are stored, are drawn from.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The stores, which the caller disposes after the engine that uses them.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="StorageException">They cannot be opened; the message says which file, and what to do.</exception>
    public static NodeStores<IHubStateStore> OpenHub(StorageOptions options, IEntropySource entropy, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.InMemory)
        {
            var (psrd, state) = (new InMemoryPsrdStore(time), new InMemoryHubStateStore(entropy));
            return Observe<IHubStateStore>(options, psrd, state, state, psrd);
        }

        var storage = HubStorage.Open(options.Directory!, entropy, time);
        return Observe(options, storage.Psrd, storage.State, storage);
    }

    /// <summary>Opens those of a client.</summary>
    /// <inheritdoc cref="OpenHub" path="/*[not(self::summary)]" />
    public static NodeStores<IClientStateStore> OpenClient(StorageOptions options, IEntropySource entropy, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.InMemory)
        {
            var psrd = new InMemoryPsrdStore(time);
            return Observe<IClientStateStore>(options, psrd, new InMemoryClientStateStore(entropy), psrd);
        }

        var storage = ClientStorage.Open(options.Directory!, entropy, time);
        return Observe(options, storage.Psrd, storage.State, storage);
    }

    /// <summary>Adds the journal, if there is to be one.</summary>
    private static NodeStores<TState> Observe<TState>(StorageOptions options, IPsrdStore psrd, TState state, params IDisposable[] owned)
        where TState : class
    {
        if (string.IsNullOrEmpty(options.JournalFile))
        {
            return new NodeStores<TState>(psrd, state, owned);
        }

        try
        {
            var journal = new PsrdJournalFile(options.JournalFile);
            return new NodeStores<TState>(new JournaledPsrdStore(psrd, journal), state, [.. owned, journal]);
        }
        catch
        {
            Array.ForEach(owned, store => store.Dispose());
            throw;
        }
    }
}
