using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub relays shares.</summary>
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
        var bind = query == KeyShareQuery.BindParameter;
        if (!TryReadHeader(signature, bind, out var header, out var answer))
        {
            return ValueTask.FromResult(answer);
        }

        if ((!bind && query.Length > 0) || !MessageJson.TryRead<PostKeyShareRequest>(body, header.Dialect, out var message))
        {
            return ValueTask.FromResult(Reject(DskeError.MalformedMessage, header.Dialect));
        }

        try
        {
            if (!TryAuthenticate(message.MasterClientName, header, bind ? signature : null, query, body, out var client, out answer))
            {
                return ValueTask.FromResult(answer);
            }

            // Only now: a forged message makes us allocate nothing beyond what it took to read it.
            var pad = new SecretBytes(message.EncryptedShareValue.Length);
            var isTaken = false;
            try
            {
                isTaken = TryTake(client, header, bind ? signature : null, message.EncryptionKeyAllocation, pad.Span, out var request, out answer);
                return isTaken ? StoreAsync(request.Request, request.PadFault, message, pad) : ValueTask.FromResult(answer);
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

    /// <summary>
    /// Handles GET key-share: a client fetches a share (guide, "Responder client gets key shares from all hubs"). A request for an
    /// unknown key is held for a moment, since the share may still be on its way.
    /// </summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="hasBody">Whether the request has a body: then it is refused.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <param name="cancellationToken">Ends the holding: the client is gone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The client went while the request was held: no PSRD is spent on an answer.</exception>
    public async ValueTask<HubAnswer> GetKeyShareAsync(string query, bool hasBody, string? signature, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var readable = KeyShareQuery.TryParse(query, out var message);
        if (!TryReadHeader(signature, message?.Bind ?? false, out var header, out var answer))
        {
            return answer;
        }

        if (!readable || hasBody)
        {
            return Reject(DskeError.MalformedMessage, header.Dialect);
        }

        try
        {
            return await DeliverAsync(query, message!, header, signature, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            return Fail(fault, header.Dialect);
        }
    }

    private void CountShare(string operation, DskeError? error)
    {
        HubDiagnostics.CountShare(Name.Value, operation, error);
        if (error is { } reason)
        {
            Rejections.Note(reason);
        }
    }

    private async ValueTask<HubAnswer> DeliverAsync(
        string query, KeyShareQuery message, SignatureHeader header, string? signature, CancellationToken cancellationToken)
    {
        if (!TryAuthenticate(message.ClientName, header, message.Bind ? signature : null, query, default, out var client, out var answer)
            || !TryTake(client, header, message.Bind ? signature : null, null, default, out var request, out answer))
        {
            return answer;
        }

        using var activity = HubDiagnostics.Activities.StartActivity("dske.share.deliver");
        activity?.SetTag("dske.hub", Name.Value).SetTag("dske.key.id", message.KeyId);
        var error = Find(request.Request.Client, message, out var index, out var share);
        if (error == DskeError.ShareUnknown)
        {
            await _shares.WaitForAsync(message.KeyId, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            error = Find(request.Request.Client, message, out index, out share);
        }

        activity?.SetTag("dske.share.index", index).SetTag("dske.outcome", error is null ? "ok" : DskeErrors.GetName(error.Value));
        CountShare("deliver", error);
        using (share)
        {
            return error is null ? Deliver(request.Request, message, index, share!) : HubAnswers.Refused(request.Request, error.Value);
        }
    }

    private async ValueTask<HubAnswer> StoreAsync(VerifiedRequest request, DskeError? padFault, PostKeyShareRequest message, SecretBytes pad)
    {
        using var activity = HubDiagnostics.Activities.StartActivity("dske.share.store");
        activity?.SetTag("dske.hub", Name.Value).SetTag("dske.share.index", message.ShareIndex).SetTag("dske.key.id", message.UserKeyId);
        try
        {
            using (pad)
            {
                var address = default(ShareAddress);
                var error = padFault ?? Check(request.Client, message, pad.Length, out address);
                error ??= await _shares.AddAsync(Decrypt(address, message, pad)).ConfigureAwait(false);
                activity?.SetTag("dske.outcome", error is null ? "ok" : DskeErrors.GetName(error.Value));
                CountShare("store", error);
                return error is null ? HubAnswers.Stored(request) : HubAnswers.Refused(request, error.Value);
            }
        }
        catch (IOException fault)
        {
            CountShare("store", DskeError.StorageFailed);
            return Fail(fault, request.Dialect);
        }
    }

    private DskeError? Check(RegisteredClient client, PostKeyShareRequest message, int size, out ShareAddress address)
    {
        address = default;
        if (!SaeId.TryParse(message.MasterSaeId, out var master) || !client.Owns(master))
        {
            return DskeError.MasterSaeNotOwned;
        }

        if (!SaeId.TryParse(message.SlaveSaeId, out var slave) || !_clients.TryGetOwner(slave, out var slaveClient))
        {
            return _beganWithNothing && _time.GetElapsedTime(_began) < _limits.SettleTime ? DskeError.RegistrationsIncomplete : DskeError.SlaveSaeUnknown;
        }

        if (message.ShareIndex < 0 || message.ShareIndex >= _network.HubNames.Count)
        {
            return DskeError.ShareIndexOutOfRange;
        }

        address = new ShareAddress(client.Name, master, slave, slaveClient);
        return size is < KeySizes.MinBytes or > KeySizes.MaxBytes ? DskeError.ShareSizeOutOfRange : null;
    }

    private static StoredShare Decrypt(ShareAddress address, PostKeyShareRequest message, SecretBytes pad)
    {
        var share = pad.Clone();
        OneTimePad.Apply(message.EncryptedShareValue, share.Span);
        return new StoredShare(message.UserKeyId, address.PostedBy, address.Master, address.Slave, address.SlaveClient, message.ShareIndex, share);
    }

    /// <summary>From whom a share comes and to whom it goes.</summary>
    private readonly record struct ShareAddress(NodeName PostedBy, SaeId Master, SaeId Slave, NodeName SlaveClient);

    private DskeError? Find(RegisteredClient client, KeyShareQuery message, out int index, out SecretBytes? share)
    {
        (index, share) = (-1, null);
        return !SaeId.TryParse(message.MasterSaeId, out var master) || !SaeId.TryParse(message.SlaveSaeId, out var slave)
            ? DskeError.ShareUnknown
            : _shares.TryGet(message.KeyId, master, slave, client.Name, out index, out share);
    }

    private HubAnswer Deliver(VerifiedRequest request, KeyShareQuery message, int index, SecretBytes share)
    {
        var answer = HubAnswers.Delivered(request, index, share);
        if (answer.Error is null)
        {
            _shares.MarkDelivered(message.KeyId, SaeId.Parse(message.MasterSaeId), SaeId.Parse(message.SlaveSaeId), request.Client.Name);
        }

        return answer;
    }
}
