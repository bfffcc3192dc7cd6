using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Persistence;

/// <summary>A client as a hub keeps it.</summary>
/// <param name="Client">The client.</param>
/// <param name="Encryptors">Its encryptors, as it listed them.</param>
/// <param name="Instance">Its instance; null for one of another implementation.</param>
/// <param name="Enrolled">Whether an authentic message came over the link since its pools were last replaced.</param>
/// <param name="Courier">The link that a couriered file began; null when the client registered by itself.</param>
public sealed record RegistrationRecord(NodeName Client, IReadOnlyList<SaeId> Encryptors, Guid? Instance, bool Enrolled, Guid? Courier = null);
