using Dske.Protocol.Psrd;

namespace Dske.Storage;

/// <summary>What a node keeps, durably or in memory.</summary>
/// <typeparam name="TState">The kind of state besides PSRD.</typeparam>
public sealed class NodeStores<TState> : IDisposable
    where TState : class
{
    private readonly IDisposable[] _owned;

    /// <summary>Puts stores together.</summary>
    /// <param name="psrd">The PSRD.</param>
    /// <param name="state">Everything else.</param>
    /// <param name="owned">What is disposed with this, in this order.</param>
    internal NodeStores(IPsrdStore psrd, TState state, params IDisposable[] owned)
    {
        Psrd = psrd;
        State = state;
        _owned = owned;
    }

    /// <summary>The PSRD.</summary>
    public IPsrdStore Psrd { get; }

    /// <summary>Everything else.</summary>
    public TState State { get; }

    /// <summary>Writes what waits and closes everything. Harmless when repeated.</summary>
    public void Dispose()
    {
        foreach (var store in _owned)
        {
            store.Dispose();
        }
    }
}
