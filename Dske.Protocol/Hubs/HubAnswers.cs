using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>Words and signs a hub's answers, in the dialect of the request.</summary>
internal static class HubAnswers
{
    private const string Json = "application/json";

    private static ReadOnlySpan<byte> ReferenceNothing => "null"u8;

    /// <summary>An error that nobody can vouch for: to a request that was not verified, or when there is nothing left to sign with.</summary>
    public static HubAnswer Unsigned(DskeError error, Dialect dialect)
    {
        var (body, contentType) = ErrorBody(error, dialect, null, null);
        return new HubAnswer(DskeErrors.GetStatus(error), body, contentType, null, error);
    }

    /// <summary>A refusal of a verified request. The reference signs no errors.</summary>
    public static HubAnswer Refused(VerifiedRequest request, DskeError error, long? psrdNeeded = null)
        => request.Dialect == Dialect.Reference
            ? Unsigned(error, request.Dialect)
            : TrySign(
                request,
                DskeErrors.GetStatus(error),
                default,
                error,
                (error, request.Dialect, Needed: request.IsNative ? psrdNeeded : null),
                static (refusal, _, available) => ErrorBody(refusal.error, refusal.Dialect, available, refusal.Needed))
            ?? Unsigned(DskeError.OutOfPsrd, request.Dialect);

    /// <summary>
    /// A refusal of a request that cannot be checked any more, bound to it all the same, so that the client knows that it is the hub that
    /// speaks. Null when there is nothing left to sign with.
    /// </summary>
    public static HubAnswer? Gone(VerifiedRequest request, DskeError error) => TrySign(
        request,
        DskeErrors.GetStatus(error),
        default,
        error,
        (error, request.Dialect),
        static (refusal, _, available) => ErrorBody(refusal.error, refusal.Dialect, available, null),
        fromReserve: true);

    /// <summary>Where the hub is, after a sync. Null when there is nothing left to sign with.</summary>
    public static HubAnswer? Synced(VerifiedRequest request) => TrySign(
        request, 200, default, null, request.Client.Link, static (link, _, _) => (MessageJson.Write(link.GetStatement(), Dialect.Guide), Json), fromReserve: true);

    /// <summary>The share is stored.</summary>
    public static HubAnswer Stored(VerifiedRequest request) => TrySign(request, 200, default, null, request, static (request, _, available) => request switch
    {
        { IsNative: true } => (MessageJson.Write(new PostKeyShareAnswer { PsrdAvailable = available ?? 0 }, request.Dialect), Json),
        { Dialect: Dialect.Reference } => (ReferenceNothing.ToArray(), Json),
        _ => ([], null),
    }) ?? Unsigned(DskeError.OutOfPsrd, request.Dialect);

    /// <summary>The clients, or the one that has the encryptor asked about.</summary>
    public static HubAnswer Listed(VerifiedRequest request, IReadOnlyList<ListedClient> clients) => TrySign(
        request,
        200,
        default,
        null,
        (request.Dialect, clients),
        static (list, _, available) => (MessageJson.Write(new EncryptorsAnswer { Clients = list.clients, PsrdAvailable = available ?? 0 }, list.Dialect), Json))
        ?? Unsigned(DskeError.OutOfPsrd, request.Dialect);

    /// <summary>Several shares under one fresh pad, and why others are not here.</summary>
    public static HubAnswer Delivered(VerifiedRequest request, IReadOnlyList<FoundShare> shares)
    {
        using var pad = new SecretBytes(shares.Sum(share => share.Value?.Length ?? 0));
        return TrySign(request, 200, pad.Span, null, (request.Dialect, shares, pad), static (delivery, allocation, available) =>
        {
            var (dialect, shares, pad) = delivery;
            var start = 0;
            var fetched = new FetchedShare[shares.Count];
            for (var i = 0; i < fetched.Length; i++)
            {
                var share = shares[i];
                var encrypted = pad.Span.Slice(start, share.Value?.Length ?? 0);
                OneTimePad.Apply(share.Value is { } value ? value.Span : default, encrypted);
                start += encrypted.Length;
                fetched[i] = share.Error is { } error
                    ? new FetchedShare { UserKeyId = share.KeyId, Error = DskeErrors.GetProblemType(error) }
                    : new FetchedShare { UserKeyId = share.KeyId, ShareIndex = share.Index, EncryptedShareValue = encrypted.ToArray() };
            }

            var answer = new GetKeySharesAnswer { EncryptionKeyAllocation = start == 0 ? null : allocation, Shares = fetched, PsrdAvailable = available ?? 0 };
            return (MessageJson.Write(answer, dialect), Json);
        }) ?? Refused(request, DskeError.OutOfPsrd, pad.Length + MessageMac.KeySize);
    }

    /// <summary>The share itself, under a fresh pad.</summary>
    public static HubAnswer Delivered(VerifiedRequest request, FoundShare found)
    {
        var share = found.Value!;
        using var pad = new SecretBytes(share.Length);
        return TrySign(request, 200, pad.Span, null, (request.Dialect, found, pad), static (delivery, allocation, available) =>
        {
            // In place, so that nothing but the ciphertext is ever on the ordinary heap, where the collector leaves copies behind.
            var (dialect, found, pad) = delivery;
            OneTimePad.Apply(found.Value!.Span, pad.Span);
            var answer = new GetKeyShareAnswer
            {
                ShareIndex = found.Index,
                EncryptionKeyAllocation = allocation!,
                EncryptedShareValue = pad.Span.ToArray(),
                PsrdAvailable = available,
            };
            return (MessageJson.Write(answer, dialect), Json);
        }) ?? Refused(request, DskeError.OutOfPsrd, share.Length + MessageMac.KeySize);
    }

    /// <summary>Signs an answer; null when there is not enough PSRD for it.</summary>
    /// <param name="request">What it answers.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="pad">Filled with the pad of what the answer holds; empty when it needs none.</param>
    /// <param name="error">Why the request is refused; null when it is not.</param>
    /// <param name="content">What <paramref name="write"/> needs, so that it need not capture anything: there is an answer to every message.</param>
    /// <param name="write">Words the answer, once pad and signing key are allocated: given the pad's allocation and what is left in the pool.</param>
    /// <param name="fromReserve">Whether the reserve may be used: for messages that mend the link.</param>
    private static HubAnswer? TrySign<T>(
        VerifiedRequest request,
        int status,
        Span<byte> pad,
        DskeError? error,
        T content,
        Func<T, Allocation?, long?, (byte[] Body, string? ContentType)> write,
        bool fromReserve = false)
    {
        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        try
        {
            var pool = request.Client.HubOwned;
            if (pool.TryAllocate(pad, key, out var padAllocation, out var keyAllocation, fromReserve) != PsrdOutcome.Ok)
            {
                return null;
            }

            var (body, contentType) = write(content, padAllocation, request.IsNative ? pool.SpendableBytes : null);
            Span<byte> signature = stackalloc byte[MessageMac.Size];
            if (request.BoundTo is { } boundTo)
            {
                MessageMac.SignBound(key, body, status, boundTo, signature);
            }
            else
            {
                MessageMac.Sign(key, default, body, signature);
            }

            return new HubAnswer(status, body, contentType, new SignatureHeader(request.Dialect, keyAllocation!, signature).ToString(), error);
        }
        finally
        {
            key.Clear();
        }
    }

    private static (byte[] Body, string ContentType) ErrorBody(DskeError error, Dialect dialect, long? available, long? needed) => dialect == Dialect.Reference
        ? (MessageJson.Write(new ReferenceErrorAnswer { Message = ReferenceSentences.Of(error) }, dialect), Json)
        : (MessageJson.Write(
            new ErrorAnswer
            {
                Type = DskeErrors.GetProblemType(error),
                Title = DskeErrors.GetTitle(error),
                Status = DskeErrors.GetStatus(error),
                PsrdAvailable = available,
                PsrdNeeded = needed,
            },
            dialect), ErrorAnswer.MediaType);
}
