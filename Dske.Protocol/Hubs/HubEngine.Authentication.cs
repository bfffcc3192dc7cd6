using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub tells authentic requests from others.</summary>
public sealed partial class HubEngine
{
    private const int StackLimit = 1024;

    /// <summary>Looks at a signature header before the message that it belongs to has been read. A refusal is counted, nothing else changes.</summary>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <returns>The refusal of a message with such a header; null when it is worth reading.</returns>
    public HubAnswer? CheckHeader(string? signature) => TryReadHeader(signature, bind: false, out _, out var answer) ? null : answer;

    /// <summary>Refuses a message for which there is no room; nothing of it has been verified.</summary>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    public HubAnswer RefuseBusy(string? signature)
        => TryReadHeader(signature, bind: false, out var header, out var answer) ? Reject(DskeError.TooBusy, header.Dialect) : answer;

    private bool TryReadHeader(string? signature, bool bind, out SignatureHeader header, out HubAnswer answer)
    {
        answer = null!;
        if (SignatureHeader.TryParse(signature, out header!) && !(bind && header.Dialect == Dialect.Reference))
        {
            return true;
        }

        answer = Reject(signature is null ? DskeError.SignatureMissing : DskeError.SignatureMalformed, header?.Dialect ?? Dialect.Guide);
        return false;
    }

    /// <summary>Checks the signature. Whether it fits or not, nothing changed.</summary>
    /// <param name="clientName">The client that the message says.</param>
    /// <param name="header">The signature.</param>
    /// <param name="boundTo">What the answer is bound to; null when it is not.</param>
    /// <param name="query">The raw query.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="client">The client, when the result is true.</param>
    /// <param name="answer">The refusal, when the result is false.</param>
    /// <param name="sync">The message, if it is a sync.</param>
    private bool TryAuthenticate(
        string clientName,
        SignatureHeader header,
        string? boundTo,
        string query,
        ReadOnlySpan<byte> body,
        out RegisteredClient client,
        out HubAnswer answer,
        SyncQuery? sync = null)
    {
        answer = null!;
        if (!_clients.TryGet(clientName, out client!))
        {
            answer = Reject(DskeError.ClientNotRegistered, header.Dialect);
            return false;
        }

        if (!client.Link.IsSynced && sync is null)
        {
            // Nothing may be used of a link before the client has said how far it is, and an answer would have to be signed.
            answer = Reject(DskeError.SyncNeeded, header.Dialect);
            return false;
        }

        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        Span<byte> expected = stackalloc byte[MessageMac.Size];
        try
        {
            var outcome = sync is not null ? client.ClientOwned.TryReadHeld(header.SigningKey, key) : client.ClientOwned.TryRead(header.SigningKey, key);
            if (outcome != PsrdOutcome.Ok)
            {
                answer = RejectUnreadable(new VerifiedRequest(client, header.Dialect, boundTo), outcome);
                return false;
            }

            if (sync is { Enrols: { } link, Instance: { } instance })
            {
                EnrolmentKey.Derive(key, link, instance);
            }

            var size = Encoding.UTF8.GetByteCount(query);
            var queryBytes = size > StackLimit ? new byte[size] : stackalloc byte[size];
            Encoding.UTF8.GetBytes(query, queryBytes);
            MessageMac.Sign(key, queryBytes, body, expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, header.Signature))
            {
                answer = Reject(DskeError.SignatureInvalid, header.Dialect);
                return false;
            }

            return true;
        }
        finally
        {
            key.Clear();
        }
    }

    /// <summary>Uses up the signing key of an authentic request and takes its pad, if it has one.</summary>
    /// <returns>False when another request used the key first, or it lies too far ahead: then nothing changed.</returns>
    private bool TryTake(
        RegisteredClient client,
        SignatureHeader header,
        string? boundTo,
        Allocation? padAllocation,
        Span<byte> pad,
        out (VerifiedRequest Request, DskeError? PadFault) verified,
        out HubAnswer answer)
    {
        var isTaken = client.ClientOwned.TryTake(header.SigningKey, MessageMac.KeySize, padAllocation, pad, out var outcome);
        verified = (new VerifiedRequest(client, header.Dialect, boundTo), outcome == PsrdOutcome.Ok ? null : ToError(outcome));
        answer = isTaken ? null! : RejectUnreadable(verified.Request, outcome);
        return isTaken;
    }

    /// <summary>
    /// A request whose signing key is gone here, or lies too far ahead: a sync mends that, and to ask for one takes a signature. Anybody can
    /// send such a request, hence not often; unsigned it means nothing.
    /// </summary>
    private HubAnswer RejectUnreadable(VerifiedRequest request, PsrdOutcome outcome)
    {
        var error = ToError(outcome);
        if (outcome is PsrdOutcome.AlreadyUsed or PsrdOutcome.JumpTooFar
            && request is { IsNative: true, Client.Link: { IsNative: true, IsSynced: true } link }
            && link.Gone.TryTake())
        {
            Rejections.Count(error);
            return HubAnswers.Gone(request, outcome == PsrdOutcome.JumpTooFar ? error : DskeError.PsrdGone) ?? HubAnswers.Unsigned(error, request.Dialect);
        }

        return Reject(error, request.Dialect);
    }
}
