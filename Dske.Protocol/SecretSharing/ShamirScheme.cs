using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecretSharing;

/// <summary>
/// Shamir's secret sharing with a check: a secret becomes n shares, any k of which rebuild it and tell whether the result is
/// right (protocol guide, section "Shamir's Secret Sharing"; the check and the coordinates are the reference implementation's).
/// </summary>
/// <remarks>
/// <para>
/// Each byte of the secret has a polynomial over GF(2^8) of degree below k. Its value at 255 is the byte of the secret, at i that of
/// share i, and at 254 that of the digest share: the first 4 bytes of HMAC-SHA256 over the secret, keyed with random bytes R, then R
/// itself. Shares 0 to k-3 are drawn at random, and so is R; k values fix each polynomial and with it the remaining shares.
/// </para>
/// <para>
/// Up to k-2 shares tell nothing of the secret, whatever the means. k-1 shares tell whether a guess of the whole secret fits 32
/// bits. A wrong secret passes the check with a probability of 2^-32.
/// </para>
/// <para>Safe for concurrent use. Make one and keep it: interpolation weights are computed once for each set of shares.</para>
/// </remarks>
public sealed partial class ShamirScheme
{
    /// <summary>The greatest number of shares, n.</summary>
    public const int MaxShareCount = 16;

    /// <summary>The least threshold, k. With 1, each share would be the secret itself.</summary>
    public const int MinThreshold = 2;

    /// <summary>The least length of a secret, in bytes: there must be room for the digest.</summary>
    public const int MinSecretLength = DigestLength;

    /// <summary>The length of the digest in front of the digest share, in bytes.</summary>
    public const int DigestLength = 4;

    /// <summary>Where the polynomials take the value of the secret.</summary>
    public const byte SecretCoordinate = 255;

    /// <summary>Where the polynomials take the value of the digest share.</summary>
    public const byte DigestCoordinate = 254;

    // Up to 12 hubs have fewer sets of k shares than this. In a wider network those that come up first are kept, at about 150
    // bytes each, and the others computed when needed.
    private const int MaxKeptWeights = 1024;

    private readonly ConcurrentDictionary<ushort, RecoveryWeights> _recoveryWeights = new();

    // For each share that is not drawn, in order, the weights of the drawn shares, the digest share and the secret.
    private readonly byte[] _splitWeights;

    /// <summary>Sets up a scheme.</summary>
    /// <param name="shareCount">The number of shares, n; from k to 16.</param>
    /// <param name="threshold">How many of them rebuild the secret, k; at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ShamirScheme(int shareCount, int threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, MinThreshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(shareCount, threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shareCount, MaxShareCount);
        ShareCount = shareCount;
        Threshold = threshold;
        _splitWeights = ComputeSplitWeights();
    }

    /// <summary>The number of shares, n.</summary>
    public int ShareCount { get; }

    /// <summary>How many shares rebuild the secret, k.</summary>
    public int Threshold { get; }

    /// <summary>How field elements are multiplied; tests and benchmarks choose.</summary>
    internal Gf256Kernel Kernel { get; init; } = Gf256Kernel.Best;

    private int DrawnShareCount => Threshold - 2;

    /// <summary>Splits a secret.</summary>
    /// <param name="secret">The secret, at least 4 bytes; it stays the caller's.</param>
    /// <param name="entropy">
    /// The source to draw from: k-2 times as many bytes as the secret has, then once 4 bytes fewer (none, for the shortest secret).
    /// </param>
    /// <returns>The n shares, the one with index i at place i, each as long as the secret. The caller owns and disposes each.</returns>
    /// <exception cref="ArgumentException"><paramref name="secret"/> is shorter than 4 bytes.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="entropy"/> is null.</exception>
    public Share[] Split(ReadOnlySpan<byte> secret, IEntropySource entropy)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        if (secret.Length < MinSecretLength)
        {
            throw new ArgumentException($"A secret has at least {MinSecretLength} bytes, not {secret.Length}.", nameof(secret));
        }

        var shares = new Share[ShareCount];
        try
        {
            for (var i = 0; i < shares.Length; i++)
            {
                shares[i] = new Share(i, new SecretBytes(secret.Length));
            }

            SplitCore(secret, entropy, shares);
            return shares;
        }
        catch
        {
            foreach (var share in shares)
            {
                share?.Dispose();
            }

            throw;
        }
    }

    private void SplitCore(ReadOnlySpan<byte> secret, IEntropySource entropy, ReadOnlySpan<Share> shares)
    {
        var drawn = shares[..DrawnShareCount];
        foreach (var share in drawn)
        {
            entropy.Fill(share.Value.Span);
        }

        using var digestShare = new SecretBytes(secret.Length);
        var key = digestShare.Span[DigestLength..];
        entropy.Fill(key);
        ComputeDigest(key, secret, digestShare.Span[..DigestLength]);

        for (var start = 0; start < secret.Length; start += LinearCombination.StretchLength)
        {
            var length = Math.Min(LinearCombination.StretchLength, secret.Length - start);
            var basis = new SplitBasis(drawn, digestShare.Span, secret, start, length);
            ComputeShares(in basis, shares[drawn.Length..]);
        }
    }

    // Two at a time, as long as there are two.
    private void ComputeShares(ref readonly SplitBasis basis, ReadOnlySpan<Share> shares)
    {
        ReadOnlySpan<byte> weights = _splitWeights;
        for (; shares.Length > 1; shares = shares[2..])
        {
            var sums = new LinearCombinationPair(basis.StretchOf(shares[0]), basis.StretchOf(shares[1]), Kernel);
            for (var i = 0; i < Threshold; i++)
            {
                sums.Add(weights[i], weights[Threshold + i], basis[i]);
            }

            sums.Complete();
            weights = weights[(2 * Threshold)..];
        }

        if (shares.Length == 1)
        {
            var sum = new LinearCombination(basis.StretchOf(shares[0]), Kernel);
            for (var i = 0; i < Threshold; i++)
            {
                sum.Add(weights[i], basis[i]);
            }

            sum.Complete();
        }
    }

    private byte[] ComputeSplitWeights()
    {
        Span<byte> coordinates = stackalloc byte[Threshold];
        for (var i = 0; i < DrawnShareCount; i++)
        {
            coordinates[i] = (byte)i;
        }

        coordinates[^2] = DigestCoordinate;
        coordinates[^1] = SecretCoordinate;

        var weights = new byte[(ShareCount - DrawnShareCount) * Threshold];
        for (var index = DrawnShareCount; index < ShareCount; index++)
        {
            Lagrange.ComputeWeights(coordinates, (byte)index, weights.AsSpan((index - DrawnShareCount) * Threshold, Threshold));
        }

        return weights;
    }

    private static void ComputeDigest(ReadOnlySpan<byte> key, ReadOnlySpan<byte> secret, Span<byte> digest)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, secret, whole);
        whole[..DigestLength].CopyTo(digest);
        CryptographicOperations.ZeroMemory(whole);
    }
}
