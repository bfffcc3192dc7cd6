using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>A hub became suspect, or ceased to be.</summary>
/// <param name="Hub">The hub.</param>
/// <param name="IsSuspect">Whether it is suspect now.</param>
public sealed record HubSuspicion(NodeName Hub, bool IsSuspect);
