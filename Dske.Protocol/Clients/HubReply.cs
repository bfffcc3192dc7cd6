using Dske.Protocol.Errors;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>A checked answer of a hub.</summary>
/// <param name="Kind">What it amounts to.</param>
/// <param name="Error">
/// With <see cref="HubAnswerKind.Refused"/> the reason; with <see cref="HubAnswerKind.None"/> at best a hint that anybody could have
/// made up.
/// </param>
/// <param name="Share">With an accepted GET: the share, which the receiver disposes.</param>
/// <param name="PsrdAvailable">Bytes left in the hub-owned pool as the hub sees it; null when it did not say.</param>
/// <param name="PsrdNeeded">With <see cref="DskeError.OutOfPsrd"/>: the bytes that the hub lacks; null when it did not say.</param>
public readonly record struct HubReply(
    HubAnswerKind Kind, DskeError? Error = null, Share? Share = null, long? PsrdAvailable = null, long? PsrdNeeded = null)
{
    /// <summary>No answer came.</summary>
    public static HubReply Nothing => new(HubAnswerKind.None);
}
