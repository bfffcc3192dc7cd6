using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Clients;

/// <summary>A hub as a client is told of it.</summary>
/// <param name="Name">The hub's name.</param>
/// <param name="ForeignDialect">How it speaks if it turns out not to be one of ours; the reference's dialect unless told otherwise.</param>
/// <param name="IsCouriered">
/// Whether everything out of band comes by courier: then the client neither registers with the hub nor fetches from it, and the hub is one of ours.
/// </param>
public sealed record HubSettings(NodeName Name, Dialect ForeignDialect = Dialect.Reference, bool IsCouriered = false);
