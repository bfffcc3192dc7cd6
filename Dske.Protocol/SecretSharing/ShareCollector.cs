using System.Numerics;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecretSharing;

/// <summary>
/// Takes the shares of one secret as they come, honest and wrong ones, until some k of them rebuild a secret whose digest fits.
/// </summary>
/// <remarks>
/// <para>
/// The first k shares of one length are tried as soon as they are there. When their digest does not fit, every further share is
/// tried with each choice of k-1 earlier ones, so that with n shares of which k are honest every set of k was tried: as long as
/// the limit of candidates allows, the secret is found. Each set is tried once.
/// </para>
/// <para>
/// Shares are grouped by their length, so that a liar who answers first with a wrong length decides nothing. Wrong shares are
/// kept like honest ones, until disposal.
/// </para>
/// <para>Not safe for concurrent use: one collector serves one request, which gives it the answers one after the other.</para>
/// </remarks>
public sealed class ShareCollector : IDisposable
{
    /// <summary>How many candidates are tried unless the caller says otherwise; enough for every set of up to 12 shares.</summary>
    public const int DefaultMaxCandidates = 1000;

    private readonly ShamirScheme _scheme;
    private readonly List<Share> _shares;
    private readonly Share[] _candidate;
    private ushort _indexesSeen;
    private int? _secretLength;
    private SecretBytes? _secret;
    private bool _disposed;

    /// <summary>Begins a collection.</summary>
    /// <param name="scheme">The scheme that the secret was split by.</param>
    /// <param name="maxCandidates">
    /// How many sets of k shares may be tried, at least 1. Each costs about two passes over k shares and one over the secret.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="scheme"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCandidates"/> is less than 1.</exception>
    public ShareCollector(ShamirScheme scheme, int maxCandidates = DefaultMaxCandidates)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCandidates, 1);
        _scheme = scheme;
        _shares = new List<Share>(scheme.ShareCount);
        _candidate = new Share[scheme.Threshold];
        MaxCandidates = maxCandidates;
    }

    /// <summary>How many sets of k shares may be tried.</summary>
    public int MaxCandidates { get; }

    /// <summary>How many sets of k shares were tried.</summary>
    public int CandidatesTried { get; private set; }

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

        var bit = 1 << share.Index;
        if ((_indexesSeen & bit) != 0)
        {
            return CollectOutcome.DuplicateIndex;
        }

        var seenBefore = BitOperations.PopCount(_indexesSeen);
        _indexesSeen |= (ushort)bit;
        if (!CanBeLength(share.Value.Length, seenBefore))
        {
            return CollectOutcome.LengthMismatch;
        }

        return IsRecovered ? CollectOutcome.AlreadyRecovered : null;
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

        var differing = seenBefore - CountOfLength(length);
        return _scheme.ShareCount - differing >= _scheme.Threshold;
    }

    private int CountOfLength(int length)
    {
        var count = 0;
        foreach (var share in _shares)
        {
            count += share.Value.Length == length ? 1 : 0;
        }

        return count;
    }

    // Tries the newest share with every choice of k-1 earlier ones of its length; sets without it were tried when those came.
    private CollectOutcome Search(Share newest)
    {
        var earlier = _shares.FindAll(share => share != newest && share.Value.Length == newest.Value.Length);
        var others = _scheme.Threshold - 1;
        if (earlier.Count < others)
        {
            return CollectOutcome.Kept;
        }

        Span<int> chosen = stackalloc int[others];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = i;
        }

        do
        {
            if (CandidatesTried == MaxCandidates)
            {
                return CollectOutcome.Exhausted;
            }

            for (var i = 0; i < chosen.Length; i++)
            {
                _candidate[i] = earlier[chosen[i]];
            }

            _candidate[^1] = newest;
            CandidatesTried++;
            if (_scheme.Combine(_candidate, out _secret) == CombineOutcome.Combined)
            {
                _secretLength = newest.Value.Length;
                return CollectOutcome.Recovered;
            }
        }
        while (NextChoice(chosen, earlier.Count));

        return CollectOutcome.Kept;
    }

    // The next choice in lexicographic order of some of the numbers below a bound, in ascending order.
    private static bool NextChoice(Span<int> chosen, int bound)
    {
        for (var i = chosen.Length - 1; i >= 0; i--)
        {
            if (chosen[i] < bound - chosen.Length + i)
            {
                chosen[i]++;
                for (var j = i + 1; j < chosen.Length; j++)
                {
                    chosen[j] = chosen[j - 1] + 1;
                }

                return true;
            }
        }

        return false;
    }
}
