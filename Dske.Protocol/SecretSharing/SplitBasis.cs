namespace Dske.Protocol.SecretSharing;

/// <summary>A stretch of the k values that fix the polynomials of a split: the drawn shares, the digest share, the secret.</summary>
/// <param name="drawn">The shares that were drawn at random.</param>
/// <param name="digestShare">The digest share, as long as each of them.</param>
/// <param name="secret">The secret, likewise.</param>
/// <param name="start">Where the stretch begins.</param>
/// <param name="length">How long it is.</param>
internal readonly ref struct SplitBasis(
    ReadOnlySpan<Share> drawn, ReadOnlySpan<byte> digestShare, ReadOnlySpan<byte> secret, int start, int length)
{
    private readonly ReadOnlySpan<Share> _drawn = drawn;
    private readonly ReadOnlySpan<byte> _digestShare = digestShare.Slice(start, length);
    private readonly ReadOnlySpan<byte> _secret = secret.Slice(start, length);
    private readonly int _start = start;

    /// <summary>The stretch of one of the values, 0 to k-1.</summary>
    public ReadOnlySpan<byte> this[int index]
        => index < _drawn.Length ? StretchOf(_drawn[index]) : index == _drawn.Length ? _digestShare : _secret;

    /// <summary>The same stretch of a share.</summary>
    public Span<byte> StretchOf(Share share) => share.Value.Span.Slice(_start, _secret.Length);
}
