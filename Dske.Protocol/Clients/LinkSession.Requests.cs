using Dske.Protocol.Authentication;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>What a client asks of a hub.</summary>
public sealed partial class LinkSession
{
    /// <summary>Encrypts and signs a share for the hub.</summary>
    /// <param name="key">Which key the share belongs to, and for whom.</param>
    /// <param name="share">The share; stays the caller's.</param>
    /// <param name="request">The request, when the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/>, <see cref="PsrdOutcome.OutOfPsrd"/> or <see cref="PsrdOutcome.TooFragmented"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public PsrdOutcome TryPreparePost(KeyDescription key, Share share, out OutgoingRequest? request) => TryPreparePost(key, [share], out request);

    /// <summary>Encrypts and signs the hub's shares of some keys.</summary>
    /// <param name="key">Which keys the shares belong to, and for whom.</param>
    /// <param name="shares">The shares in the order of the keys, all with the same index; they stay the caller's.</param>
    /// <param name="request">The request, when the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/>, <see cref="PsrdOutcome.OutOfPsrd"/> or <see cref="PsrdOutcome.TooFragmented"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are not as many shares as keys, or the link is foreign and the keys are not plain.</exception>
    public PsrdOutcome TryPreparePost(KeyDescription key, IReadOnlyList<Share> shares, out OutgoingRequest? request)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(shares);
        ThrowIfNotUnderstood(key);
        if (shares.Count != key.KeyIds.Count)
        {
            throw new ArgumentException($"There are {shares.Count} shares of {key.KeyIds.Count} keys.", nameof(shares));
        }

        request = null;
        using var pad = new SecretBytes(shares.Sum(share => share.Value.Length));
        Span<byte> signingKey = stackalloc byte[MessageMac.KeySize];
        try
        {
            var outcome = ClientOwned.TryAllocate(pad.Span, signingKey, out var padAllocation, out var keyAllocation);
            if (outcome != PsrdOutcome.Ok)
            {
                return outcome;
            }

            var encrypted = Encrypt(shares, pad);
            var query = new SharePostQuery { Bind = IsNative, Also = key.Also }.ToString();
            var body = encrypted.Length == 1 ? WritePost(key, shares[0].Index, padAllocation!, encrypted[0]) : WritePosts(key, shares[0].Index, padAllocation!, encrypted);
            request = new OutgoingRequest(true, query, body, Sign(signingKey, keyAllocation!, query, body), ResourceFor(key));
            return PsrdOutcome.Ok;
        }
        finally
        {
            signingKey.Clear();
        }
    }

    /// <summary>Signs a request for shares.</summary>
    /// <param name="key">Which keys, and who wants them: <see cref="KeyDescription.Client"/> is the asking client.</param>
    /// <param name="request">The request, when the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/>, <see cref="PsrdOutcome.OutOfPsrd"/> or <see cref="PsrdOutcome.TooFragmented"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">The link is foreign and the keys are not plain.</exception>
    public PsrdOutcome TryPrepareGet(KeyDescription key, out OutgoingRequest? request)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfNotUnderstood(key);
        var query = key.KeyIds.Count == 1
            ? new KeyShareQuery
            {
                ClientName = key.Client.Value,
                MasterSaeId = key.Master.Value,
                SlaveSaeId = key.Slave.Value,
                KeyId = key.KeyIds[0],
                Bind = IsNative,
            }.ToString()
            : new KeySharesQuery
            {
                ClientName = key.Client.Value,
                MasterSaeId = key.Master.Value,
                SlaveSaeId = key.Slave.Value,
                KeyIds = key.KeyIds,
            }.ToString();
        return TryPrepareGet(query, ResourceFor(key), key.KeyIds, out request);
    }

    /// <summary>Signs a question about the clients of the network, on a native link.</summary>
    /// <param name="query">Who asks what.</param>
    /// <param name="request">The request, when the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/>, <see cref="PsrdOutcome.OutOfPsrd"/> or <see cref="PsrdOutcome.TooFragmented"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The link is foreign.</exception>
    public PsrdOutcome TryPrepareGet(EncryptorsQuery query, out OutgoingRequest? request)
    {
        ArgumentNullException.ThrowIfNull(query);
        return IsNative ? TryPrepareGet(query.ToString(), OutgoingRequest.Encryptors, [], out request) : throw new InvalidOperationException("A foreign hub has no such route.");
    }

    private static string ResourceFor(KeyDescription key) => key.KeyIds.Count == 1 ? OutgoingRequest.KeyShare : OutgoingRequest.KeyShares;

    private void ThrowIfNotUnderstood(KeyDescription key)
    {
        if (!IsNative && !key.IsPlain)
        {
            throw new ArgumentException("A foreign hub takes one key for one encryptor at a time.", nameof(key));
        }
    }

    private PsrdOutcome TryPrepareGet(string query, string resource, IReadOnlyList<Guid> keyIds, out OutgoingRequest? request)
    {
        request = null;
        Span<byte> signingKey = stackalloc byte[MessageMac.KeySize];
        try
        {
            var outcome = ClientOwned.TryAllocate(default, signingKey, out _, out var keyAllocation);
            if (outcome == PsrdOutcome.Ok)
            {
                request = new OutgoingRequest(false, query, default, Sign(signingKey, keyAllocation!, query, default), resource) { KeyIds = keyIds };
            }

            return outcome;
        }
        finally
        {
            signingKey.Clear();
        }
    }

    /// <summary>In place, so that nothing but the ciphertext is ever on the ordinary heap, where the collector leaves copies behind.</summary>
    private static byte[][] Encrypt(IReadOnlyList<Share> shares, SecretBytes pad)
    {
        var encrypted = new byte[shares.Count][];
        var start = 0;
        for (var i = 0; i < encrypted.Length; i++)
        {
            var value = shares[i].Value.Span;
            var part = pad.Span.Slice(start, value.Length);
            OneTimePad.Apply(value, part);
            encrypted[i] = part.ToArray();
            start += value.Length;
        }

        return encrypted;
    }

    private byte[] WritePost(KeyDescription key, int index, Allocation pad, byte[] encrypted) => MessageJson.Write(
        new PostKeyShareRequest
        {
            MasterClientName = key.Client.Value,
            MasterSaeId = key.Master.Value,
            SlaveSaeId = key.Slave.Value,
            UserKeyId = key.KeyIds[0],
            ShareIndex = index,
            EncryptionKeyAllocation = pad,
            EncryptedShareValue = encrypted,
        },
        Dialect);

    private byte[] WritePosts(KeyDescription key, int index, Allocation pad, byte[][] encrypted) => MessageJson.Write(
        new PostKeySharesRequest
        {
            MasterClientName = key.Client.Value,
            MasterSaeId = key.Master.Value,
            SlaveSaeId = key.Slave.Value,
            ShareIndex = index,
            EncryptionKeyAllocation = pad,
            Shares = [.. key.KeyIds.Zip(encrypted, (keyId, value) => new PostedShare { UserKeyId = keyId, EncryptedShareValue = value })],
        },
        Dialect);
}
