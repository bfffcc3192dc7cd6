using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub takes shares in.</summary>
public sealed partial class HubEngine
{
    /// <summary>
    /// Handles POST key-share: a client hands in a share (guide, "Initiator client posts key shares to all hubs"). The answer comes when the
    /// share is stored durably.
    /// </summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="body">The raw body; not looked at any more once the method has returned its task.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public ValueTask<HubAnswer> PostKeyShareAsync(string query, ReadOnlySpan<byte> body, string? signature)
    {
        ArgumentNullException.ThrowIfNull(query);
        var readable = SharePostQuery.TryParse(query, out var parameters);
        if (!TryReadHeader(signature, parameters?.Bind ?? false, out var header, out var answer))
        {
            return ValueTask.FromResult(answer);
        }

        return readable && MessageJson.TryRead<PostKeyShareRequest>(body, header.Dialect, out var message)
            ? PostAsync(Posting.Of(message, parameters!.Also), header, parameters.Bind ? signature : null, query, body)
            : ValueTask.FromResult(Reject(DskeError.MalformedMessage, header.Dialect));
    }

    /// <summary>
    /// Handles POST key-shares of a native link: a client hands in the shares of several keys, with one signature and one pad. The answer comes when
    /// all of them are stored durably; otherwise none is.
    /// </summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="body">The raw body; not looked at any more once the method has returned its task.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public ValueTask<HubAnswer> PostKeySharesAsync(string query, ReadOnlySpan<byte> body, string? signature)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!TryReadHeader(signature, bind: true, out var header, out var answer))
        {
            return ValueTask.FromResult(answer);
        }

        return SharePostQuery.TryParse(query, out var parameters)
            && parameters.Bind
            && MessageJson.TryRead<PostKeySharesRequest>(body, header.Dialect, out var message)
            && Posting.TryRead(message, parameters.Also, out var posting)
                ? PostAsync(posting, header, signature, query, body)
                : ValueTask.FromResult(Reject(DskeError.MalformedMessage, header.Dialect));
    }

    private ValueTask<HubAnswer> PostAsync(Posting posting, SignatureHeader header, string? boundTo, string query, ReadOnlySpan<byte> body)
    {
        try
        {
            if (!TryAuthenticate(posting.ClientName, header, boundTo, query, body, out var client, out var answer))
            {
                return ValueTask.FromResult(answer);
            }

            // Only now: a forged message makes us allocate nothing beyond what it took to read it.
            var pad = new SecretBytes(posting.Size);
            var isTaken = false;
            try
            {
                isTaken = TryTake(client, header, boundTo, posting.Pad, pad.Span, out var request, out answer);
                return isTaken ? StoreAsync(request.Request, request.PadFault, posting, pad) : ValueTask.FromResult(answer);
            }
            finally
            {
                if (!isTaken)
                {
                    pad.Dispose();
                }
            }
        }
        catch (IOException fault)
        {
            return ValueTask.FromResult(Fail(fault, header.Dialect));
        }
    }

    private async ValueTask<HubAnswer> StoreAsync(VerifiedRequest request, DskeError? padFault, Posting posting, SecretBytes pad)
    {
        using var activity = HubDiagnostics.Activities.StartActivity("dske.share.store");
        activity?.SetTag("dske.hub", Name.Value)
            .SetTag("dske.share.index", posting.ShareIndex)
            .SetTag("dske.key.id", posting.Shares[0].KeyId)
            .SetTag("dske.key.count", posting.Shares.Count);
        try
        {
            using (pad)
            {
                var (master, recipients) = (default(SaeId), Array.Empty<ShareRecipient>());
                var error = padFault ?? Check(request.Client, posting, out master, out recipients);
                error ??= await _shares.AddAsync(posting.Decrypt(request.Client.Name, master, recipients, pad)).ConfigureAwait(false);
                activity?.SetTag("dske.outcome", error is null ? "ok" : DskeErrors.GetName(error.Value));
                CountShares("store", error, posting.Shares.Count);
                return error is null ? HubAnswers.Stored(request) : HubAnswers.Refused(request, error.Value);
            }
        }
        catch (IOException fault)
        {
            CountShares("store", DskeError.StorageFailed, posting.Shares.Count);
            return Fail(fault, request.Dialect);
        }
    }

    private DskeError? Check(RegisteredClient client, Posting posting, out SaeId master, out ShareRecipient[] recipients)
    {
        recipients = [];
        if (!SaeId.TryParse(posting.MasterSaeId, out master) || !client.Owns(master))
        {
            return DskeError.MasterSaeNotOwned;
        }

        recipients = new ShareRecipient[1 + posting.Also.Count];
        for (var i = 0; i < recipients.Length; i++)
        {
            var slave = i > 0 ? posting.Also[i - 1] : SaeId.TryParse(posting.SlaveSaeId, out var first) ? first : default;
            if (!_clients.TryGetOwner(slave, out var owner))
            {
                return IsSettling ? DskeError.RegistrationsIncomplete : DskeError.SlaveSaeUnknown;
            }

            recipients[i] = new ShareRecipient(slave, owner);
        }

        // Further ones are distinct among themselves: so they were read.
        if (posting.Also.Contains(recipients[0].Slave))
        {
            return DskeError.MalformedMessage;
        }

        if (posting.ShareIndex < 0 || posting.ShareIndex >= _network.HubNames.Count)
        {
            return DskeError.ShareIndexOutOfRange;
        }

        for (var i = 0; i < posting.Shares.Count; i++)
        {
            if (posting.Shares[i].EncryptedValue.Length is < KeySizes.MinBytes or > KeySizes.MaxBytes)
            {
                return DskeError.ShareSizeOutOfRange;
            }
        }

        return null;
    }

    private void CountShares(string operation, DskeError? error, int count)
    {
        HubDiagnostics.CountShares(Name.Value, operation, error, count);
        if (error is { } reason)
        {
            Rejections.Note(reason);
        }
    }
}
