namespace Dske.Console.Network;

/// <summary>Asks nodes how they are.</summary>
internal interface INodeReader
{
    /// <summary>Asks one node. That it does not answer, or answers nonsense, is a reading and no exception.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> ended the wait.</exception>
    Task<NodeReading> ReadAsync(MonitoredNode node, CancellationToken cancellationToken);
}
