using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Persistence;

/// <summary>What a client keeps about a hub.</summary>
/// <param name="Hub">The hub.</param>
/// <param name="HubInstance">The hub's instance at the last registration; null when it is not one of ours.</param>
/// <param name="WasNative">Whether the hub was ever one of ours: then it is never taken for another implementation again.</param>
/// <param name="Enrolled">Whether an authentic answer came over the link since its pools were last replaced.</param>
/// <param name="Courier">The link that a couriered file began (<see cref="ExportRecord.Enrols"/>); null when it was begun by a registration.</param>
public sealed record LinkRecord(NodeName Hub, Guid? HubInstance, bool WasNative, bool Enrolled, Guid? Courier = null);
