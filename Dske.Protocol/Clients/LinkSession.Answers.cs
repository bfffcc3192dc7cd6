using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>What a hub answers.</summary>
public sealed partial class LinkSession
{
    /// <summary>
    /// Checks a response to a request of this session. Nothing of it is believed, and no PSRD is used, before the signature fits; on a
    /// native link that binds it to the request.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The response; null when none came.</param>
    /// <returns>What it amounts to. An accepted GET carries the share, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    public HubReply Read(OutgoingRequest request, HubResponse? response)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (response is null)
        {
            return HubReply.Nothing;
        }

        if (!IsAuthentic(request, response, out var header))
        {
            return new HubReply(HubAnswerKind.None, ReadHint(response));
        }

        return response.Status != 200 ? ReadRefusal(header, response)
            : request.IsPost ? ReadStored(header, response)
            : request.Resource switch
            {
                OutgoingRequest.KeyShares => ReadShares(request, header, response),
                OutgoingRequest.Encryptors => ReadEncryptors(header, response),
                _ => ReadShare(request, header, response),
            };
    }

    private HubReply ReadStored(SignatureHeader header, HubResponse response)
    {
        if (!TryTakeKey(header, out var outcome))
        {
            return Unusable(outcome);
        }

        if (IsNative)
        {
            return MessageJson.TryRead<PostKeyShareAnswer>(response.Body.Span, Dialect, out var answer)
                ? new HubReply(HubAnswerKind.Accepted, PsrdAvailable: answer.PsrdAvailable)
                : HubReply.Nothing;
        }

        // A plain answer binds neither request nor status; at least it must look like this answer and not like another one.
        return response.Body.Span.SequenceEqual(Dialect == Dialect.Reference ? "null"u8 : default) ? new HubReply(HubAnswerKind.Accepted) : HubReply.Nothing;
    }

    private HubReply ReadShare(OutgoingRequest request, SignatureHeader header, HubResponse response)
    {
        if (!MessageJson.TryRead<GetKeyShareAnswer>(response.Body.Span, Dialect, out var answer)
            || answer.EncryptedShareValue.Length is < KeySizes.MinBytes or > KeySizes.MaxBytes)
        {
            TryTakeKey(header, out _);
            return HubReply.Nothing;
        }

        using var pad = new SecretBytes(answer.EncryptedShareValue.Length);
        if (!TryTake(header, answer.EncryptionKeyAllocation, pad, out var outcome))
        {
            return Unusable(outcome);
        }

        var share = Decrypt(answer.ShareIndex, answer.EncryptedShareValue, pad.Span);
        return new HubReply(HubAnswerKind.Accepted, Shares: [new FetchedKeyShare(request.KeyIds[0], share, null)], PsrdAvailable: answer.PsrdAvailable);
    }

    private HubReply ReadShares(OutgoingRequest request, SignatureHeader header, HubResponse response)
    {
        if (!MessageJson.TryRead<GetKeySharesAnswer>(response.Body.Span, Dialect, out var answer) || !IsAnswerTo(request, answer, out var size))
        {
            TryTakeKey(header, out _);
            return HubReply.Nothing;
        }

        using var pad = new SecretBytes(size);
        if (!TryTake(header, answer.EncryptionKeyAllocation, pad, out var outcome))
        {
            return Unusable(outcome);
        }

        var shares = new FetchedKeyShare[answer.Shares.Count];
        var start = 0;
        for (var i = 0; i < shares.Length; i++)
        {
            var entry = answer.Shares[i];
            if (entry.EncryptedShareValue is { } encrypted)
            {
                shares[i] = new FetchedKeyShare(entry.UserKeyId, Decrypt(entry.ShareIndex!.Value, encrypted, pad.Span.Slice(start, encrypted.Length)), null);
                start += encrypted.Length;
            }
            else
            {
                // An error that is none of ours says as much as that there is no share.
                shares[i] = new FetchedKeyShare(entry.UserKeyId, null, DskeErrors.TryFromProblemType(entry.Error, out var error) ? error : null);
            }
        }

        return new HubReply(HubAnswerKind.Accepted, Shares: shares, PsrdAvailable: answer.PsrdAvailable);
    }

    private HubReply ReadEncryptors(SignatureHeader header, HubResponse response)
        => TryTakeKey(header, out var outcome)
            && MessageJson.TryRead<EncryptorsAnswer>(response.Body.Span, Dialect, out var answer)
            && answer.Clients.All(client => client is not null && NodeName.TryParse(client.ClientName, out _) && client.EncryptorNames.All(name => SaeId.TryParse(name, out _)))
            ? new HubReply(HubAnswerKind.Accepted, PsrdAvailable: answer.PsrdAvailable, Clients: answer.Clients)
            : Unusable(outcome);

    /// <summary>Whether an answer has an entry for every key that was asked for, and nothing else.</summary>
    private static bool IsAnswerTo(OutgoingRequest request, GetKeySharesAnswer answer, out int size)
    {
        size = 0;
        if (answer.Shares.Count != request.KeyIds.Count)
        {
            return false;
        }

        long total = 0;
        for (var i = 0; i < request.KeyIds.Count; i++)
        {
            if (answer.Shares[i] is not { } entry
                || entry.UserKeyId != request.KeyIds[i]
                || entry.EncryptedShareValue is not null != entry.ShareIndex is not null
                || entry.EncryptedShareValue is null != entry.Error is not null
                || entry.EncryptedShareValue is { Length: < KeySizes.MinBytes or > KeySizes.MaxBytes })
            {
                return false;
            }

            total += entry.EncryptedShareValue?.Length ?? 0;
        }

        size = (int)Math.Min(total, int.MaxValue);
        return total <= KeySizes.MaxBytes && total > 0 == answer.EncryptionKeyAllocation is not null;
    }

    private static Share Decrypt(int index, ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> pad)
    {
        var value = SecretBytes.CopyOf(pad);
        OneTimePad.Apply(encrypted, value.Span);
        return new Share(index, value);
    }

    private bool TryTake(SignatureHeader header, Allocation? padAllocation, SecretBytes pad, out PsrdOutcome outcome)
        => HubOwned.TryTake(header.SigningKey, MessageMac.KeySize, padAllocation, pad.Span, out outcome) && outcome == PsrdOutcome.Ok;

    private HubReply ReadRefusal(SignatureHeader header, HubResponse response)
    {
        // Without binding, a recorded refusal could be replayed for another request: on a foreign link it proves nothing.
        return TryTakeKey(header, out _) && MessageJson.TryRead<ErrorAnswer>(response.Body.Span, Dialect, out var answer)
            && DskeErrors.TryFromProblemType(answer.Type, out var error)
            ? new HubReply(IsNative ? HubAnswerKind.Refused : HubAnswerKind.None, error, null, answer.PsrdAvailable, answer.PsrdNeeded)
            : HubReply.Nothing;
    }

    private bool TryTakeKey(SignatureHeader header, out PsrdOutcome outcome)
        => HubOwned.TryTake(header.SigningKey, MessageMac.KeySize, null, default, out outcome);

    /// <summary>An authentic answer whose PSRD cannot be used. What became of the request is unknown; if a sync can mend it, that is said.</summary>
    private HubReply Unusable(PsrdOutcome outcome)
        => IsNative && outcome == PsrdOutcome.JumpTooFar ? new HubReply(HubAnswerKind.Refused, DskeError.PsrdJumpTooFar) : HubReply.Nothing;

    private DskeError? ReadHint(HubResponse response)
    {
        var body = response.Body.Span;
        if (response.Status < 400 || response.Signature is not null)
        {
            return null;
        }

        if (Dialect == Dialect.Guide)
        {
            return MessageJson.TryRead<ErrorAnswer>(body, Dialect, out var answer) && DskeErrors.TryFromProblemType(answer.Type, out var error)
                ? error
                : null;
        }

        return ReferenceSentences.Find(body);
    }
}
