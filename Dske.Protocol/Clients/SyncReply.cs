using Dske.Protocol.Errors;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Clients;

/// <summary>A checked answer to a sync.</summary>
/// <param name="Kind">What it amounts to.</param>
/// <param name="Error">
/// Why not. With <see cref="HubAnswerKind.None"/> at best a hint that anybody could have made up; with <see cref="HubAnswerKind.Accepted"/>
/// <see cref="DskeError.LinkSetBack"/> when this end's storage turned out to be an older copy.
/// </param>
/// <param name="Statement">With an accepted sync: where the hub is.</param>
internal readonly record struct SyncReply(HubAnswerKind Kind, DskeError? Error = null, LinkStatement? Statement = null);
