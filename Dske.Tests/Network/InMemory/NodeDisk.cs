using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>What a node in memory keeps its PSRD and its state on.</summary>
/// <typeparam name="TState">The kind of state: a hub's or a client's.</typeparam>
internal abstract class NodeDisk<TState> : IDisposable
{
    /// <summary>The PSRD, as opened last.</summary>
    public abstract IPsrdStore Psrd { get; }

    /// <summary>Everything else.</summary>
    public abstract TState State { get; }

    /// <summary>Whether the machine runs. One that does not sends nothing, and receives nothing.</summary>
    public virtual bool IsOn => true;

    /// <summary>Takes the power away.</summary>
    /// <exception cref="NotSupportedException">Memory alone has nothing to come back from.</exception>
    public virtual void Kill() => throw new NotSupportedException("Ask the network's settings for simulated disks.");

    /// <summary>Starts the machine again: after a loss of power, or after an orderly stop.</summary>
    public abstract void Reopen();

    /// <summary>A copy of what is stored, as an operator makes one; it can be put in the place of the original later.</summary>
    /// <exception cref="NotSupportedException">Memory alone has nothing to copy.</exception>
    public virtual NodeDisk<TState> Copy() => throw new NotSupportedException("Ask the network's settings for simulated disks.");

    public abstract void Dispose();
}
