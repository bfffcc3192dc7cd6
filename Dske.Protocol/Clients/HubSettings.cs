using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Clients;

/// <summary>A hub as a client is told of it.</summary>
/// <param name="Name">The hub's name.</param>
/// <param name="ForeignDialect">How it speaks if it turns out not to be one of ours; the reference's dialect unless told otherwise.</param>
public sealed record HubSettings(NodeName Name, Dialect ForeignDialect = Dialect.Reference);
