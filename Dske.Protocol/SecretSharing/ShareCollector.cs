using System.Numerics;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecretSharing;

/// <summary>
/// Takes the shares of one secret as they come, honest and wrong ones, until some k of them rebuild a secret whose digest fits. From
/// then on it tells of every share whether it is right.
/// </summary>
/// <remarks>
/// <para>
/// The first k shares of one length are tried as soon as they are there. When their digest does not fit, each further share is used in
/// two ways. First those sets are tried that more than k shares agree on, which takes no luck: up to half as many wrong shares as
/// there are shares beyond k always show, and mostly one fewer than there are beyond k. Then the new share is tried with each choice
/// of k-1 earlier ones, so that k honest shares suffice however many wrong ones there are, as long as the limit of candidates allows.
/// </para>
/// <para>
/// So with at most min(k-1, n-k) wrong shares of n the secret comes out: always where these are fewer than n-k, and where they are
/// n-k, when the limit allows for every set, as the default does for up to 12 shares (the longest secrets: 10). With more than n-k of them there is no secret
/// rather than a wrong one, unless k liars made one up together; each candidate passes the check by chance with 2^-32.
/// </para>
/// <para>
/// Shares are grouped by their length, so that a liar who answers first with a wrong length decides nothing.
/// </para>
/// <para>Not safe for concurrent use: one collector serves one request, which gives it the answers one after the other.</para>
/// </remarks>
public sealed partial class ShareCollector : IDisposable
{
    /// <summary>How many candidates are tried unless the caller says otherwise; enough for every set of up to 12 shares.</summary>
    public const int DefaultMaxCandidates = 1000;

    /// <summary>The most bytes that all candidates may have together: 320 MiB. It limits the time that very long ones take.</summary>
    public const int MaxCandidateBytes = 320 * 1024 * 1024;

    private readonly ShamirScheme _scheme;
    private readonly ushort _suspects;
    private readonly List<Share> _shares;
    private readonly Share[] _candidate;
    private ushort _indexesSeen;
    private int? _secretLength;
    private SecretBytes? _secret;
    private bool _disposed;

    /// <summary>Begins a collection.</summary>
    /// <param name="scheme">The scheme that the secret was split by.</param>
    /// <param name="maxCandidates">
    /// How many sets of shares may be tried, at least 1. Each costs about two passes over k shares and one over the secret.
    /// <see cref="MaxCandidateBytes"/> is a limit too. Some are kept for later: 7 in 100 for sets that more than k shares agree on, and
    /// up to half of the rest, as many as there are, for those without suspects.
    /// </param>
    /// <param name="suspects">The indexes whose shares are tried after all others; those that no share can have mean nothing. Null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="scheme"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCandidates"/> is less than 1.</exception>
    public ShareCollector(ShamirScheme scheme, int maxCandidates = DefaultMaxCandidates, IEnumerable<int>? suspects = null)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCandidates, 1);
        _scheme = scheme;
        _shares = new List<Share>(scheme.ShareCount);
        _candidate = new Share[scheme.Threshold];
        MaxCandidates = maxCandidates;
        foreach (var suspect in suspects ?? [])
        {
            _suspects |= scheme.IsIndex(suspect) ? Bit(suspect) : (ushort)0;
        }
    }

    /// <summary>How many sets may be tried.</summary>
    public int MaxCandidates { get; }

    /// <summary>How many sets were tried.</summary>
    public int CandidatesTried => _tried.Count;

    /// <summary>The limit of bytes; tests have a smaller one.</summary>
    internal int MaxBytes { get; init; } = MaxCandidateBytes;

    /// <summary>Whether the secret was rebuilt, taken since or not.</summary>
    public bool IsRecovered => _secretLength is not null;

    /// <summary>Takes a share and tries what became possible with it.</summary>
    /// <param name="share">
    /// The share, the collector's from now on whatever the outcome. Its index is to be the one of the hub that sent it: a hub that
    /// could speak for another one's index could keep an honest share out.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="share"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The collector or <paramref name="share"/> was disposed.</exception>
    public CollectOutcome Add(Share share)
    {
        ArgumentNullException.ThrowIfNull(share);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _ = share.Value.Span; // Fails now, rather than when the share is tried, if it was disposed.
        if (Refuse(share) is { } refusal)
        {
            share.Dispose();
            return refusal;
        }

        _shares.Add(share);
        return Search(share);
    }

    /// <summary>
    /// Takes note that what came instead of a share is none: one with an index of another hub, for instance. It counts as wrong, unless
    /// there is a share with this index already.
    /// </summary>
    /// <param name="index">The index that the share should have had.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not one of 0 to n-1.</exception>
    /// <exception cref="ObjectDisposedException">The collector was disposed.</exception>
    public void AddWrong(int index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_scheme.IsIndex(index))
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Shares have the indexes 0 to {_scheme.ShareCount - 1}.");
        }

        if ((_indexesSeen & Bit(index)) == 0)
        {
            _indexesSeen |= Bit(index);
            _wrong |= Bit(index);
        }
    }

    /// <summary>Hands over the secret, once.</summary>
    /// <returns>The secret, which the caller owns and disposes.</returns>
    /// <exception cref="InvalidOperationException">The secret is not rebuilt, or was taken before.</exception>
    public SecretBytes TakeSecret()
    {
        var secret = _secret ?? throw new InvalidOperationException(
            IsRecovered ? "The secret was taken before." : "The secret is not rebuilt; add shares until the outcome is Recovered.");
        _secret = null;
        return secret;
    }

    /// <summary>Zeroes the shares, and the secret if nobody took it. Harmless when repeated.</summary>
    public void Dispose()
    {
        _disposed = true;
        _secret?.Dispose();
        _secret = null;
        foreach (var share in _shares)
        {
            share.Dispose();
        }

        _shares.Clear();
    }

    private CollectOutcome? Refuse(Share share)
    {
        if (!_scheme.IsIndex(share.Index))
        {
            return CollectOutcome.IndexOutOfRange;
        }

        var bit = Bit(share.Index);
        if ((_indexesSeen & bit) != 0)
        {
            return CollectOutcome.DuplicateIndex;
        }

        var seenBefore = BitOperations.PopCount(_indexesSeen);
        _indexesSeen |= bit;
        if (!CanBeLength(share.Value.Length, seenBefore))
        {
            _wrong |= bit;
            return CollectOutcome.LengthMismatch;
        }

        return IsRecovered ? Judge(share) ? CollectOutcome.AlreadyRecovered : CollectOutcome.Wrong : null;
    }

    private bool CanBeLength(int length, int seenBefore)
    {
        if (length < ShamirScheme.MinSecretLength)
        {
            return false;
        }

        if (_secretLength is { } known)
        {
            return length == known;
        }

        var differing = seenBefore - _shares.Count(share => share.Value.Length == length);
        return _scheme.ShareCount - differing >= _scheme.Threshold;
    }

    private static ushort Bit(int index) => (ushort)(1 << index);
}
