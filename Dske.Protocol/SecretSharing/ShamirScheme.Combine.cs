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
        var weights = WeightsFor(indexes);
        var candidate = new SecretBytes(shares[0].Value.Length);
        try
        {
            using var digestShare = new SecretBytes(candidate.Length);
            foreach (var share in shares)
            {
                var value = share.Value.Span;
                Gf256.MultiplyAdd(weights.ForSecret(share.Index), value, candidate.Span);
                Gf256.MultiplyAdd(weights.ForDigest(share.Index), value, digestShare.Span);
            }

            if (!DigestFits(candidate.Span, digestShare.Span))
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

    private static bool DigestFits(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> digestShare)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        ComputeDigest(digestShare[DigestLength..], secret, digest);
        var fits = CryptographicOperations.FixedTimeEquals(digest, digestShare[..DigestLength]);
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
