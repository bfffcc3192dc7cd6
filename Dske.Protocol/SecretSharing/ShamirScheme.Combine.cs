using System.Security.Cryptography;
using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecretSharing;

/// <content>From shares to the secret.</content>
public sealed partial class ShamirScheme
{
    /// <summary>
    /// Rebuilds a secret from all the shares given, at least k of them in any order, and checks it. One wrong share among them
    /// spoils the result; <see cref="ShareCollector"/> does without wrong ones.
    /// </summary>
    /// <param name="shares">The shares; they stay the caller's.</param>
    /// <param name="secret">
    /// The secret, which the caller owns and disposes, when the result is <see cref="CombineOutcome.Combined"/>; else null.
    /// </param>
    /// <exception cref="ArgumentException">One of <paramref name="shares"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">One of <paramref name="shares"/> was disposed.</exception>
    public CombineOutcome Combine(ReadOnlySpan<Share> shares, out SecretBytes? secret)
    {
        secret = null;
        var outcome = Judge(shares, out var indexes);
        return outcome == CombineOutcome.Combined ? CombineCore(shares, indexes, out secret) : outcome;
    }

    private CombineOutcome Judge(ReadOnlySpan<Share> shares, out ushort indexes)
    {
        indexes = 0;
        foreach (var share in shares)
        {
            if (share is null)
            {
                throw new ArgumentException("A share is null.", nameof(shares));
            }
        }

        if (shares.Length < Threshold)
        {
            return CombineOutcome.TooFewShares;
        }

        foreach (var share in shares)
        {
            if (!IsIndex(share.Index))
            {
                return CombineOutcome.IndexOutOfRange;
            }

            if ((indexes & (1 << share.Index)) != 0)
            {
                return CombineOutcome.DuplicateIndex;
            }

            if (share.Value.Length != shares[0].Value.Length)
            {
                return CombineOutcome.LengthMismatch;
            }

            indexes |= (ushort)(1 << share.Index);
        }

        return shares[0].Value.Length < MinSecretLength ? CombineOutcome.TooShort : CombineOutcome.Combined;
    }

    private CombineOutcome CombineCore(ReadOnlySpan<Share> shares, ushort indexes, out SecretBytes? secret)
    {
        secret = null;
        var candidate = new SecretBytes(shares[0].Value.Length);
        try
        {
            if (!TryRebuild(shares, WeightsFor(indexes), candidate.Span))
            {
                return CombineOutcome.DigestMismatch;
            }

            secret = candidate;
            return CombineOutcome.Combined;
        }
        finally
        {
            if (secret is null)
            {
                candidate.Dispose();
            }
        }
    }

    /// <summary>Whether a share may have this index.</summary>
    internal bool IsIndex(int index) => index >= 0 && index < ShareCount;

    private bool TryRebuild(ReadOnlySpan<Share> shares, RecoveryWeights weights, Span<byte> secret)
    {
        using var digestShare = new SecretBytes(Math.Min(secret.Length, LinearCombination.StretchLength));
        if (secret.Length == digestShare.Length)
        {
            Rebuild(shares, weights, 0, secret, digestShare.Span);
            return DigestFits(digestShare.Span[..DigestLength], digestShare.Span[DigestLength..], secret);
        }

        // HMAC hashes a key that is longer than 64 bytes, and takes the hash for the key (RFC 2104 section 2). So a long digest share
        // need not be kept as a whole.
        using var keyHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[DigestLength];
        for (var start = 0; start < secret.Length; start += digestShare.Length)
        {
            var part = digestShare.Span[..Math.Min(digestShare.Length, secret.Length - start)];
            Rebuild(shares, weights, start, secret.Slice(start, part.Length), part);
            if (start == 0)
            {
                part[..DigestLength].CopyTo(digest);
                part = part[DigestLength..];
            }

            keyHash.AppendData(part);
        }

        var key = digestShare.Span[..keyHash.GetHashAndReset(digestShare.Span)];
        var fits = DigestFits(digest, key, secret);
        CryptographicOperations.ZeroMemory(digest);
        return fits;
    }

    // A stretch of both at once, so that the shares are read only once.
    private void Rebuild(ReadOnlySpan<Share> shares, RecoveryWeights weights, int start, Span<byte> secret, Span<byte> digestShare)
    {
        var sums = new LinearCombinationPair(secret, digestShare, Kernel);
        foreach (var share in shares)
        {
            sums.Add(weights.ForSecret(share.Index), weights.ForDigest(share.Index), share.Value.Span.Slice(start, secret.Length));
        }

        sums.Complete();
    }

    private static bool DigestFits(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> key, ReadOnlySpan<byte> secret)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        ComputeDigest(key, secret, digest);
        var fits = CryptographicOperations.FixedTimeEquals(digest, expected);
        CryptographicOperations.ZeroMemory(digest);
        return fits;
    }

    private RecoveryWeights WeightsFor(ushort indexes)
    {
        if (!_recoveryWeights.TryGetValue(indexes, out var weights))
        {
            weights = new RecoveryWeights(indexes);
            if (_recoveryWeights.Count < MaxKeptWeights)
            {
                _recoveryWeights.TryAdd(indexes, weights);
            }
        }

        return weights;
    }
}
