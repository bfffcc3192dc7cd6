using Dske.Protocol.Management;

namespace Dske.Console.Network;

/// <summary>What a node answered when it was asked.</summary>
/// <param name="Node">The node.</param>
/// <param name="Health">How it is.</param>
/// <param name="Reason">Why it is not ready or seems to be down, as one sentence; null when it is ready.</param>
/// <param name="Client">A client's report; null when it gave none.</param>
/// <param name="Hub">A hub's report; null when it gave none.</param>
/// <param name="SecureLinks">An encryptor's secure links; null when it told of none.</param>
/// <param name="KeySinks">An encryptor's key sinks; null when it told of none.</param>
internal sealed record NodeReading(
    MonitoredNode Node,
    NodeHealth Health,
    string? Reason,
    ClientReport? Client = null,
    HubReport? Hub = null,
    IReadOnlyList<SecureLink>? SecureLinks = null,
    IReadOnlyList<KeySink>? KeySinks = null);
