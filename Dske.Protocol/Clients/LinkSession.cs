using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>
/// A client's side of a link as it stands since a registration: how the hub speaks, and the two pools. Signs and encrypts requests,
/// checks and decrypts answers; does no I/O.
/// </summary>
/// <remarks>Safe for concurrent use: the pools guard themselves; of the rest only <see cref="IsSynced"/> changes.</remarks>
public sealed partial class LinkSession : IDisposable
{
    private volatile bool _isSynced;

    /// <summary>Opens a session.</summary>
    /// <param name="hubInstance">The instance that the hub sent: then the link is native. Null for a foreign hub.</param>
    /// <param name="dialect">How the hub speaks; a native link speaks <see cref="Dialect.Guide"/>.</param>
    /// <param name="clientOwned">The pool that this end allocates from; the session owns it.</param>
    /// <param name="hubOwned">The pool that the hub allocates from; the session owns it.</param>
    /// <exception cref="ArgumentNullException">A pool is null.</exception>
    /// <exception cref="ArgumentException">A native link in another dialect than the guide's.</exception>
    public LinkSession(Guid? hubInstance, Dialect dialect, LocalPool clientOwned, PeerPool hubOwned)
    {
        ArgumentNullException.ThrowIfNull(clientOwned);
        ArgumentNullException.ThrowIfNull(hubOwned);
        if (hubInstance is not null && dialect != Dialect.Guide)
        {
            throw new ArgumentException("A native link speaks the guide's dialect.", nameof(dialect));
        }

        HubInstance = hubInstance;
        Dialect = dialect;
        ClientOwned = clientOwned;
        HubOwned = hubOwned;
        _isSynced = !IsNative;
    }

    /// <summary>The hub's instance; null on a foreign link.</summary>
    public Guid? HubInstance { get; }

    /// <summary>Whether the hub is one of ours: then answers have to be bound to their requests.</summary>
    public bool IsNative => HubInstance is not null;

    /// <summary>How the hub speaks.</summary>
    public Dialect Dialect { get; }

    /// <summary>This end allocates: keys and pads of requests.</summary>
    public LocalPool ClientOwned { get; }

    /// <summary>The hub allocates: keys and pads of answers.</summary>
    public PeerPool HubOwned { get; }

    /// <summary>Encrypts and signs a share for the hub.</summary>
    /// <param name="key">Which key the share belongs to, and for whom.</param>
    /// <param name="share">The share; stays the caller's.</param>
    /// <param name="request">The request, when the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/>, <see cref="PsrdOutcome.OutOfPsrd"/> or <see cref="PsrdOutcome.TooFragmented"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public PsrdOutcome TryPreparePost(KeyDescription key, Share share, out OutgoingRequest? request)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(share);
        request = null;
        using var pad = new SecretBytes(share.Value.Length);
        Span<byte> signingKey = stackalloc byte[MessageMac.KeySize];
        try
        {
            var outcome = ClientOwned.TryAllocate(pad.Span, signingKey, out var padAllocation, out var keyAllocation);
            if (outcome != PsrdOutcome.Ok)
            {
                return outcome;
            }

            // In place, so that nothing but the ciphertext is ever on the ordinary heap, where the collector leaves copies behind.
            OneTimePad.Apply(share.Value.Span, pad.Span);
            var body = MessageJson.Write(
                new PostKeyShareRequest
                {
                    MasterClientName = key.Client.Value,
                    MasterSaeId = key.Master.Value,
                    SlaveSaeId = key.Slave.Value,
                    UserKeyId = key.KeyId,
                    ShareIndex = share.Index,
                    EncryptionKeyAllocation = padAllocation!,
                    EncryptedShareValue = pad.Span.ToArray(),
                },
                Dialect);
            var query = IsNative ? KeyShareQuery.BindParameter : string.Empty;
            request = new OutgoingRequest(true, query, body, Sign(signingKey, keyAllocation!, query, body));
            return PsrdOutcome.Ok;
        }
        finally
        {
            signingKey.Clear();
        }
    }

    /// <summary>Signs a request for a share.</summary>
    /// <param name="key">Which key, and who wants it: <see cref="KeyDescription.Client"/> is the asking client.</param>
    /// <param name="request">The request, when the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/>, <see cref="PsrdOutcome.OutOfPsrd"/> or <see cref="PsrdOutcome.TooFragmented"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public PsrdOutcome TryPrepareGet(KeyDescription key, out OutgoingRequest? request)
    {
        ArgumentNullException.ThrowIfNull(key);
        request = null;
        Span<byte> signingKey = stackalloc byte[MessageMac.KeySize];
        try
        {
            var outcome = ClientOwned.TryAllocate(default, signingKey, out _, out var keyAllocation);
            if (outcome != PsrdOutcome.Ok)
            {
                return outcome;
            }

            var query = new KeyShareQuery
            {
                ClientName = key.Client.Value,
                MasterSaeId = key.Master.Value,
                SlaveSaeId = key.Slave.Value,
                KeyId = key.KeyId,
                Bind = IsNative,
            }.ToString();
            request = new OutgoingRequest(false, query, default, Sign(signingKey, keyAllocation!, query, default));
            return PsrdOutcome.Ok;
        }
        finally
        {
            signingKey.Clear();
        }
    }

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

        return response.Status == 200
            ? request.IsPost ? ReadStored(header, response) : ReadShare(header, response)
            : ReadRefusal(header, response);
    }

    /// <summary>Zeroes the open windows of both pools.</summary>
    public void Dispose()
    {
        ClientOwned.Dispose();
        HubOwned.Dispose();
    }

    private string Sign(ReadOnlySpan<byte> signingKey, Allocation keyAllocation, string query, ReadOnlySpan<byte> body)
    {
        Span<byte> signature = stackalloc byte[MessageMac.Size];
        MessageMac.Sign(signingKey, Encoding.UTF8.GetBytes(query), body, signature);
        return new SignatureHeader(Dialect, keyAllocation, signature).ToString();
    }

    private bool IsAuthentic(
        OutgoingRequest request, HubResponse response, [NotNullWhen(true)] out SignatureHeader? header, bool withPending = false)
    {
        if (!SignatureHeader.TryParse(response.Signature, out header) || header.Dialect != Dialect)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        Span<byte> expected = stackalloc byte[MessageMac.Size];
        try
        {
            if (HubOwned.TryRead(header.SigningKey, key, withPending) != PsrdOutcome.Ok)
            {
                return false;
            }

            if (IsNative)
            {
                MessageMac.SignBound(key, response.Body.Span, response.Status, request.Signature, expected);
            }
            else
            {
                MessageMac.Sign(key, default, response.Body.Span, expected);
            }

            return CryptographicOperations.FixedTimeEquals(expected, header.Signature);
        }
        finally
        {
            key.Clear();
        }
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

    private HubReply ReadShare(SignatureHeader header, HubResponse response)
    {
        if (!MessageJson.TryRead<GetKeyShareAnswer>(response.Body.Span, Dialect, out var answer)
            || answer.EncryptedShareValue.Length is < KeySizes.MinBytes or > KeySizes.MaxBytes)
        {
            TryTakeKey(header, out _);
            return HubReply.Nothing;
        }

        var share = new SecretBytes(answer.EncryptedShareValue.Length);
        var isTaken = false;
        try
        {
            isTaken = HubOwned.TryTake(header.SigningKey, MessageMac.KeySize, answer.EncryptionKeyAllocation, share.Span, out var outcome)
                && outcome == PsrdOutcome.Ok;
            if (!isTaken)
            {
                return Unusable(outcome);
            }
        }
        finally
        {
            if (!isTaken)
            {
                share.Dispose();
            }
        }

        OneTimePad.Apply(answer.EncryptedShareValue, share.Span);
        return new HubReply(HubAnswerKind.Accepted, Share: new Share(answer.ShareIndex, share), PsrdAvailable: answer.PsrdAvailable);
    }

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
