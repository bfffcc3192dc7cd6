using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>A checked answer of a hub.</summary>
/// <param name="Kind">What it amounts to.</param>
/// <param name="Error">
/// With <see cref="HubAnswerKind.Refused"/> the reason; with <see cref="HubAnswerKind.None"/> at best a hint that anybody could have
/// made up.
/// </param>
/// <param name="Shares">With an accepted GET: what there is for each key that was asked for, in that order. The receiver disposes the shares.</param>
/// <param name="PsrdAvailable">Bytes left in the hub-owned pool as the hub sees it; null when it did not say.</param>
/// <param name="PsrdNeeded">With <see cref="DskeError.OutOfPsrd"/>: the bytes that the hub lacks; null when it did not say.</param>
/// <param name="Clients">With an accepted GET of encryptors: the clients.</param>
public readonly record struct HubReply(
    HubAnswerKind Kind,
    DskeError? Error = null,
    IReadOnlyList<FetchedKeyShare>? Shares = null,
    long? PsrdAvailable = null,
    long? PsrdNeeded = null,
    IReadOnlyList<ListedClient>? Clients = null)
{
    /// <summary>The share of an answer about a single key; null when there is none.</summary>
    public Share? Share => Shares is [{ Share: { } share }] ? share : null;

    /// <summary>No answer came.</summary>
    public static HubReply Nothing => new(HubAnswerKind.None);
}
